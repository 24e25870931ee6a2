import { Router } from 'express';
import { findOrganization } from '../access/organizations.js';
import { ApiError } from '../contract/problem.js';
import type { Me } from '../contract/answers.js';
import { requireToken } from './authenticate.js';
import type { Services } from './services.js';

/** `GET /v1/me`: whose token this is and what it opens. */
export function meRoute(services: Services): Router {
  const router = Router();
  router.get('/v1/me', requireToken(services), async (_request, response) => {
    const { orgId, tokenId, name, scopes } = response.locals.token;
    const organization = await findOrganization(services.database, orgId);
    if (!organization) throw new ApiError('unauthorized', 'the organization of this token is gone');
    const me: Me = {
      organization: { id: orgId, name: organization.name, timezone: organization.timezone },
      token: { id: tokenId, name, scopes },
      viewer: null,
      sees: scopes.includes('read') ? 'organization' : 'nothing',
    };
    response.json(me);
  });
  return router;
}
