import { Router, type Request } from 'express';
import { findOrganization } from '../access/organizations.js';
import type { Asker } from '../access/viewer.js';
import { costListParameters, type CostListParameters } from '../contract/costs.js';
import { ApiError } from '../contract/problem.js';
import { costsByWorkItem, costsOf, costSummary, NoCosts, type AskAll } from '../presentation/costs.js';
import { answerRequest } from '../query/index.js';
import { requireScope } from './authenticate.js';
import { asProblem } from './query.js';
import type { Services } from './services.js';

const DAYS_MS = 30 * 86_400_000;

/** What work items cost, for other tools' pages: the same numbers as `POST /v1/query`. */
export function costsRoute(services: Services): Router {
  const { clock } = services;
  const router = Router();
  const read = requireScope(services, 'read');
  router.get('/v1/work-items/:id/costs', read, async (request, response) => {
    const { asker, gone } = response.locals;
    const id = String(request.params.id);
    response.json(await costsOf(asking(services, asker, gone), id, clock()).catch(refused));
  });
  router.get('/v1/work-items/costs', read, async (request, response) => {
    const { asker, gone } = response.locals;
    const { id } = request.query;
    if (typeof id !== 'string' || id === '') throw new ApiError('invalid_request', 'id: name one work item');
    response.json(await costsOf(asking(services, asker, gone), id, clock()).catch(refused));
  });
  router.get('/v1/costs/summary', read, async (_request, response) => {
    const { asker, gone } = response.locals;
    const organization = await findOrganization(services.pools.access, asker.orgId);
    const zone = organization?.timezone ?? 'UTC';
    response.json(await costSummary(asking(services, asker, gone), zone, clock()).catch(refused));
  });
  router.get('/v1/costs/by-work-item', read, async (request, response) => {
    const { asker, gone } = response.locals;
    const now = clock();
    const { from, to = now, limit, cursor } = listOf(request);
    const window = { from: from ?? to - DAYS_MS, to, limit, offset: cursor };
    response.json(await costsByWorkItem(asking(services, asker, gone), window).catch(refused));
  });
  return router;
}

/** Asks as `POST /v1/query` does. */
export function asking(
  { pools, clock, answers: texts }: Services,
  asker: Asker,
  signal: AbortSignal | undefined,
): AskAll {
  return async (body) =>
    (await answerRequest(pools.questions, asker, body, clock(), { texts, signal }).catch(asProblem)).results;
}

function listOf({ query }: Request): CostListParameters {
  const said = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
  const parsed = costListParameters.safeParse(said);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ApiError('invalid_request', `${issue?.path.join('.')}: ${issue?.message}`);
}

/** A question that cannot be answered, as a problem. */
export function refused(error: unknown): never {
  throw error instanceof NoCosts ? new ApiError('invalid_request', error.message) : error;
}
