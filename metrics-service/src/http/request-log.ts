import type { RequestHandler } from 'express';
import type { Services } from './services.js';

/** One structured line per request: no token, no query string, no body in it. */
export function requestLog({ log }: Pick<Services, 'log'>): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    response.on('close', () => {
      const durationMs = Number((process.hrtime.bigint() - startedAt) / 1_000n) / 1_000;
      const line = {
        requestId: response.locals.requestId,
        method: request.method,
        path: request.path.slice(0, 200),
        status: response.statusCode,
        durationMs,
        orgId: response.locals.token?.orgId,
        aborted: response.writableFinished ? undefined : true,
      };
      if (response.statusCode >= 500) log.error(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };
}
