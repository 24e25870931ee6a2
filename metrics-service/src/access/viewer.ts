import type { IncomingHttpHeaders } from 'node:http';
import { VIEWER_KINDS, type ViewerKind } from '../contract/access.js';
import { ApiError } from '../contract/problem.js';
import type { TokenIdentity } from './tokens.js';

/** The person or process on whose behalf a token asks. */
export interface Viewer {
  /** `unknown`: the header named none of the kinds; such a viewer sees nothing */
  readonly kind: ViewerKind | 'unknown';
  /** empty if none was sent */
  readonly email: string;
  /** how they signed in to Grafana: `authenticatedBy` of its id token, or `trusted` */
  readonly signIn: string;
  readonly isGrafanaAdmin: boolean;
}

/** An organization and who asks about it; without a viewer, the token itself does. */
export interface Asker {
  readonly orgId: string;
  readonly viewer: Viewer | null;
}

const PREFIX = 'x-runboard-viewer-';

/**
 * The viewer named by the X-Runboard-Viewer-* headers; null if there are none. Only a token with scope delegate is
 * believed. Headers without a kind give an unknown viewer, so that a lost header opens nothing.
 * @throws ApiError delegate_required
 */
export function readViewer(headers: IncomingHttpHeaders, identity: TokenIdentity): Viewer | null {
  const named = Object.keys(headers).find((name) => name.startsWith(PREFIX));
  if (named === undefined) return null;
  if (!identity.scopes.includes('delegate')) {
    throw new ApiError('delegate_required', `${named} needs a token with scope delegate`);
  }
  const kind = VIEWER_KINDS.find((known) => known === textOf(headers, 'kind')) ?? 'unknown';
  return {
    kind,
    email: textOf(headers, 'email'),
    signIn: textOf(headers, 'auth'),
    // Grafana shows public boards and runs alert rules as an administrator: that login is not the viewer's
    isGrafanaAdmin: kind === 'user' && textOf(headers, 'role') === 'Admin',
  };
}

/**
 * Senders write UTF-8, Node.js reads headers as latin1. A header that came twice is joined by commas and matches
 * nobody. Only HTTP white space is trimmed: a no-break space, say, makes it another name.
 */
function textOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[PREFIX + name];
  return typeof value === 'string'
    ? Buffer.from(value, 'latin1')
        .toString('utf8')
        .replace(/^[ \t]+|[ \t]+$/g, '')
    : '';
}

/**
 * The sign-ins where people cannot choose their own e-mail: Grafana 12.4, pkg/services/login/authinfo.go. Left out:
 * `password` and none at all (people can change their e-mail), `passwordless`, `apikey`, `extendedjwt`, `render`.
 */
const VOUCHING = new Set(['auth.saml', 'ldap', 'jwt', 'authproxy', 'trusted']);

/**
 * The sign-in of who looks at a panel to make a picture of it. Grafana keeps it with the person for some ten minutes:
 * the plugin says it only where it does not remember how they signed in before.
 */
export const PICTURE = 'render';

/** Whether it is a picture for the message of an alert: nobody asked for it. */
export function isPictureForNobody({ kind, signIn }: Viewer): boolean {
  return kind === 'public' && signIn === PICTURE;
}

/**
 * Whether the sign-in vouches for the e-mail. Any OAuth provider (`oauth_…`) does; a list (a header sent twice) does
 * not.
 */
export function vouchesForEmail({ signIn }: Pick<Viewer, 'signIn'>): boolean {
  return VOUCHING.has(signIn) || /^oauth_[^\s,]+$/.test(signIn);
}
