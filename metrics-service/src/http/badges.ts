import { Router, type RequestHandler, type Response } from 'express';
import { findBadge } from '../access/badges.js';
import type { Badge } from '../contract/badge.js';
import { BADGE_SECONDS, badgeOf, badgeSvg, NO_BADGE } from '../presentation/badge.js';
import { costOf } from '../presentation/costs.js';
import { asking, refused } from './costs.js';
import type { Services } from './services.js';

type Send = (response: Response, badge: Badge) => void;

const FORMS: readonly (readonly [path: string, send: Send])[] = [
  ['/v1/badges/:badgeToken.svg', (response, badge) => response.type('svg').send(badgeSvg(badge))],
  ['/v1/badges/:badgeToken.json', (response, badge) => response.json(badge)],
];

/** What one work item cost, for any page that shows pictures: the token in the path opens this and nothing else. */
export function badgesRoute(services: Services): Router {
  const { clock } = services;
  const router = Router();
  for (const [path, send] of FORMS) {
    router.get(path, forPages, requireBadge(services, send), async (_request, response) => {
      const { asker, badge, gone } = response.locals;
      const cost = await costOf(asking(services, asker, gone), badge!.workItemId, clock()).catch(refused);
      sendKept(response, send, badgeOf(cost));
    });
  }
  return router;
}

/** Pages of other sites may show it. */
const forPages: RequestHandler = (_request, response, next) => {
  response.set({
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  });
  next();
};

/** Requires the token of a badge in the path; in the place of an unknown one stands a grey badge. */
function requireBadge({ clock, limits, pools }: Services, send: Send): RequestHandler {
  return async (request, response, next) => {
    const token = String(request.params.badgeToken);
    const badge = await limits.badges.lookUp(request, token, () => findBadge(pools.access, token, clock()));
    if (!badge) {
      limits.badges.refuse(request, response, token, (error?: unknown) => {
        if (error) next(error);
        else sendKept(response.status(404), send, NO_BADGE);
      });
      return;
    }
    limits.badges.noteGood(token);
    const identity = { orgId: badge.orgId, tokenId: badge.badgeId, name: 'badge', scopes: [] };
    response.locals.enter(identity);
    response.locals.arrived();
    Object.assign(response.locals, { badge, token: identity, asker: { orgId: badge.orgId, viewer: null } });
    limits.perToken(request, response, next);
  };
}

function sendKept(response: Response, send: Send, badge: Badge): void {
  response.set('Cache-Control', `public, max-age=${BADGE_SECONDS}`);
  send(response, badge);
}
