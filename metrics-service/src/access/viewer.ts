import type { IncomingHttpHeaders } from 'node:http';
import { VIEWER_KINDS, type ViewerKind } from '../contract/access.js';
import { ApiError } from '../contract/problem.js';
import type { TokenIdentity } from './tokens.js';

/** On whose behalf a token asks. */
export interface Viewer {
  /** `unknown`: what was said is none of the kinds, and sees nothing */
  readonly kind: ViewerKind | 'unknown';
  /** empty: none was said */
  readonly email: string;
  /** how they signed in to Grafana: `authenticatedBy` of its id token, or `trusted` */
  readonly signIn: string;
  readonly isGrafanaAdmin: boolean;
}

/** An organization's data, and who wants to see them; without a viewer it is the token itself. */
export interface Asker {
  readonly orgId: string;
  readonly viewer: Viewer | null;
}

const PREFIX = 'x-runboard-viewer-';

/**
 * Who the X-Runboard-Viewer-* headers name; null where there are none. They are believed from a token with scope
 * delegate only. Headers without a kind are none of the kinds: what was lost on the way opens nothing.
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
    // the administrator of Grafana that public boards and alert rules are shown as is nobody's
    isGrafanaAdmin: kind === 'user' && textOf(headers, 'role') === 'Admin',
  };
}

/**
 * Senders write UTF-8, Node.js reads headers as latin1. One that came twice is joined by commas, and nobody's. What HTTP
 * calls white space is no part of it; all else is, as a no-break space that makes it another name.
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
 * The sign-ins whose e-mail is not the person's own word: Grafana 12.4, pkg/services/login/authinfo.go. Not among them:
 * `password` and none at all (one can change one's e-mail), `passwordless`, `apikey`, `extendedjwt`, `render`.
 */
const VOUCHING = new Set(['auth.saml', 'ldap', 'jwt', 'authproxy', 'trusted']);

/** Whether the sign-in vouches for the e-mail: also every OAuth provider, `oauth_…`, but no list (a header sent twice). */
export function vouchesForEmail({ signIn }: Pick<Viewer, 'signIn'>): boolean {
  return VOUCHING.has(signIn) || /^oauth_[^\s,]+$/.test(signIn);
}
