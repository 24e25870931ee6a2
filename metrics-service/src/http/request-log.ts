import type { RequestHandler } from 'express';
import { routeOf } from './observe.js';
import type { Services } from './services.js';

/** One structured line per request, without tokens, query strings, bodies or made-up paths. */
export function requestLog({ log }: Pick<Services, 'log'>): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    response.on('close', () => {
      const durationMs = Number((process.hrtime.bigint() - startedAt) / 1_000n) / 1_000;
      const line = {
        requestId: response.locals.requestId,
        method: request.method,
        route: routeOf(request),
        status: response.statusCode,
        durationMs,
        problem: response.locals.problem,
        orgId: response.locals.token?.orgId,
        aborted: response.writableFinished ? undefined : true,
      };
      if (response.statusCode >= 500) log.error(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };
}
