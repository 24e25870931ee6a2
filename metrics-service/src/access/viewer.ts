import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../contract/problem.js';
import type { TokenIdentity } from './tokens.js';

/**
 * Who asks through a token that may speak for others is said by X-Runboard-Viewer-* headers (design section 8).
 * Narrowing the rows to what a viewer may see does not exist yet, so that such a request is refused, never
 * answered with the whole organization.
 */
export function refuseViewer(headers: IncomingHttpHeaders, identity: TokenIdentity): void {
  const named = Object.keys(headers).find((name) => name.startsWith('x-runboard-viewer-'));
  if (!named) return;
  if (!identity.scopes.includes('delegate')) {
    throw new ApiError('delegate_required', `${named} needs a token with scope delegate`);
  }
  throw new ApiError(
    'viewer_not_supported',
    'this version cannot narrow an answer to a viewer: ask without X-Runboard-Viewer-* headers',
  );
}
