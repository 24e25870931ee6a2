import { Router } from 'express';
import { readOrganization } from '../access/organizations.js';
import { resolveViewer } from '../access/resolve-viewer.js';
import { scopeNotices } from '../access/viewer-scope.js';
import type { Asker } from '../access/viewer.js';
import type { TokenIdentity } from '../access/tokens.js';
import { ApiError } from '../contract/problem.js';
import type { Me } from '../contract/answers.js';
import type { Database } from '../db/database.js';
import { VERSION } from '../version.js';
import { requireToken } from './authenticate.js';
import type { Services } from './services.js';

/** `GET /v1/me`: the token, the viewer it asks for, and what they see. */
export function meRoute(services: Services): Router {
  const router = Router();
  router.get('/v1/me', requireToken(services), async (_request, response) => {
    const { token, asker } = response.locals;
    response.json(await describe(services.pools.access, token, asker));
  });
  return router;
}

async function describe(database: Database, token: TokenIdentity, { orgId, viewer }: Asker): Promise<Me> {
  const found = await database.inOrganization(
    orgId,
    async (tx) => {
      const organization = await readOrganization(tx);
      return organization && { organization, ...(await resolveViewer(tx, viewer, organization)) };
    },
    { readOnly: true },
  );
  if (!found) throw new ApiError('unauthorized', 'the organization of this token was deleted');
  const { organization, scope, person } = found;
  const canRead = token.scopes.includes('read');
  return {
    version: VERSION,
    organization: { id: orgId, name: organization.name, timezone: organization.timezone },
    // a viewer in Grafana has no token of this service, and need not know which one Grafana uses
    token: viewer && !viewer.isGrafanaAdmin ? null : { id: token.tokenId, name: token.name, scopes: token.scopes },
    viewer: viewer && { kind: viewer.kind, user: person },
    sees: canRead ? scope.kind : 'nothing',
    reason: canRead ? (scopeNotices(scope)[0]?.text ?? null) : 'this token lacks the scope read',
  };
}
