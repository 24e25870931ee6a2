import { Router } from 'express';
import { dimensionValues, inSnapshot } from '../query/index.js';
import { requireScope } from './authenticate.js';
import { asProblem } from './query.js';
import type { Services } from './services.js';

/** `GET /v1/dimensions/{name}/values`: the values that a dimension can be filtered by. */
export function dimensionsRoute(services: Services): Router {
  const router = Router();
  router.get('/v1/dimensions/:name/values', requireScope(services, 'read'), async (request, response) => {
    const { name } = request.params;
    const values = await inSnapshot(
      services.pools.questions,
      response.locals.asker,
      { now: services.clock(), signal: response.locals.gone },
      (snapshot) => dimensionValues(snapshot.question(), String(name), request.query),
    ).catch(asProblem);
    response.json({ values });
  });
  return router;
}
