import express, { Router } from 'express';
import { ApiError } from '../contract/problem.js';
import { UnreadableItem } from '../ingest/index.js';
import { requireScope } from './authenticate.js';
import type { Services } from './services.js';

const JSON_TYPES = new Set(['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json']);
const LINES_TYPE = 'application/x-ndjson';

/** `POST /v1/events`: CloudEvents in, what became of each out (design section 4). */
export function eventsRoute(services: Services): Router {
  const { ingest, config } = services;
  const router = Router();
  router.post(
    '/v1/events',
    requireScope(services, 'ingest'),
    express.raw({ type: () => true, limit: config.maxBodyBytes }),
    async (request, response) => {
      const items = readItems(request.headers['content-type'] ?? '', request.body as Buffer);
      if (items.length > config.maxEvents) {
        throw new ApiError('too_large', `${items.length} events in one request: send at most ${config.maxEvents}`);
      }
      const answer = await ingest.ingest(response.locals.token.orgId, items);
      const done = answer.accepted + answer.duplicates;
      response.status(answer.rejected.length === 0 ? 200 : done === 0 ? 422 : 207).json(answer);
    },
  );
  return router;
}

/** The items of a body: one event, a list of events, or one a line. */
export function readItems(contentType: string, body: Buffer | undefined): unknown[] {
  const [mediaType = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.replace(/^charset="?([^"]*)"?$/, '$1');
  if ((!JSON_TYPES.has(mediaType) && mediaType !== LINES_TYPE) || (charset ?? 'utf-8') !== 'utf-8') {
    const known = [...JSON_TYPES, LINES_TYPE].join(', ');
    throw new ApiError('unsupported_media_type', `send the Content-Type ${known}, in UTF-8`);
  }
  const text = readUtf8(body);
  if (mediaType === LINES_TYPE) return readLines(text);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ApiError('invalid_json', `the body is no JSON: ${(error as Error).message}`);
  }
  return Array.isArray(parsed) ? parsed : [parsed];
}

function readUtf8(body: Buffer | undefined): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body instanceof Buffer ? body : Buffer.alloc(0));
  } catch {
    throw new ApiError('invalid_json', 'the body is not valid UTF-8');
  }
}

function readLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => {
      try {
        return JSON.parse(line);
      } catch {
        return new UnreadableItem('this line is no JSON: send one event per line');
      }
    });
}
