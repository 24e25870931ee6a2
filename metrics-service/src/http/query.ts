import { Router } from 'express';
import { ApiError } from '../contract/problem.js';
import { DATASOURCE_HEADER } from '../contract/query.js';
import { answerRequestAsText, InvalidQuery } from '../query/index.js';
import { readBody } from './admission.js';
import { requireScope } from './authenticate.js';
import { readJson } from './body/read.js';
import type { Services } from './services.js';

const MAX_BODY_BYTES = 1024 * 1024;

/** `POST /v1/query`: questions in, frames in Grafana's wire form out (design section 6). */
export function queryRoute(services: Services): Router {
  const { pools, clock, answers: texts } = services;
  const router = Router();
  router.post('/v1/query', requireScope(services, 'read'), readBody(MAX_BODY_BYTES), async (request, response) => {
    const body = readJson(request);
    const { asker, gone: signal } = response.locals;
    // alert rules, public boards and programs cannot follow links
    const linksFor = asker.viewer?.kind === 'user' ? request.get(DATASOURCE_HEADER) || undefined : undefined;
    const options = { texts, linksFor, signal };
    const answer = await answerRequestAsText(pools.questions, asker, body, clock(), options).catch(asProblem);
    response.type('application/json').send(answer);
  });
  return router;
}

/** Turns InvalidQuery for the whole request into a 400 with the same message. */
export function asProblem(error: unknown): never {
  throw error instanceof InvalidQuery ? new ApiError('invalid_request', error.message) : error;
}
