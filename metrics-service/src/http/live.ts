import { Router } from 'express';
import { z } from 'zod';
import { ApiError } from '../contract/problem.js';
import type { LiveQuestion } from '../live/index.js';
import { filtersOfParameters, textsOf } from '../query/filter-parameters.js';
import { bearerOf, requireScope } from './authenticate.js';
import { asProblem } from './query.js';
import type { Services } from './services.js';

/** A snapshot of so many runs at most, and by default. */
export const MOST_LIVE_RUNS = 10_000;
export const LIVE_RUNS = 1_000;

/** `GET /v1/live`: what is going on now, as server-sent events: a snapshot, then what changes. */
export function liveRoute(services: Services): Router {
  const { live } = services;
  const router = Router();
  router.get('/v1/live', requireScope(services, 'read'), async (request, response) => {
    const question = readQuestion(request.query);
    const { asker, gone } = response.locals;
    const begin = () =>
      response.status(200).set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
    if (request.method === 'HEAD') {
      begin().end();
      return;
    }
    const lastId = request.get('Last-Event-ID') ?? null;
    const opening = { asker, token: bearerOf(request)!, question, lastId };
    const stream = await live.read(opening, begin).catch(asProblem);
    const leave = (): void => live.leave(stream);
    if (gone.aborted) leave();
    else gone.addEventListener('abort', leave);
  });
  return router;
}

const limit = z.coerce.number().int().min(1).max(MOST_LIVE_RUNS);

/** Which runs are asked for; null: none, only when there may be something new. */
function readQuestion(given: Readonly<Record<string, unknown>>): LiveQuestion | null {
  const rows = textsOf(given.rows);
  if (rows.some((text) => text !== 'true' && text !== 'false')) {
    throw new ApiError('invalid_request', 'rows must be true or false');
  }
  if (rows.includes('false')) return null;
  const [asked, ...more] = textsOf(given.limit);
  const read = limit.safeParse(asked ?? LIVE_RUNS);
  if (more.length > 0 || !read.success) {
    throw new ApiError('invalid_request', `limit must be one whole number from 1 to ${MOST_LIVE_RUNS}`);
  }
  try {
    return { filters: filtersOfParameters(given), limit: read.data };
  } catch (error) {
    return asProblem(error);
  }
}
