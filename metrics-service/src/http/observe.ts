import type { Request, RequestHandler } from 'express';
import type { Services } from './services.js';

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts and times every request. */
export function observeRequests({ monitoring }: Pick<Services, 'monitoring'>): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    response.on('close', () => {
      monitoring.observeRequest({
        method: KNOWN_METHODS.has(request.method) ? request.method : 'other',
        route: routeOf(request),
        status: response.writableFinished ? String(response.statusCode) : 'aborted',
        durationMs: Number(process.hrtime.bigint() - startedAt) / 1_000_000,
      });
    });
    next();
  };
}

/** The route's template; `other` for paths that match none, which anybody can make up. */
export function routeOf({ route }: Request): string {
  const path: unknown = (route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? path : 'other';
}
