import express, { Router, type Request } from 'express';
import { ApiError } from '../contract/problem.js';
import { UnreadableItem } from '../ingest/index.js';
import { requireScope } from './authenticate.js';
import { mediaTypeOf, parseJson, textOf } from './body.js';
import { withDecodedData } from './cloudevents/base64.js';
import { binaryEvent, hasJsonData, isBinaryMode } from './cloudevents/binary.js';
import { webhookHandshake } from './cloudevents/handshake.js';
import type { Services } from './services.js';

const JSON_TYPES = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'];
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
      const items = isBinaryMode(request.headers) ? [readBinary(request)] : readItems(request);
      if (items.length > config.maxEvents) {
        throw new ApiError('too_large', `${items.length} events in one request: send at most ${config.maxEvents}`);
      }
      const answer = await ingest.ingest(response.locals.token.orgId, items);
      const done = answer.accepted + answer.duplicates;
      const status = answer.rejected.length === 0 ? 200 : done === 0 ? 422 : 207;
      // a broker takes a body for an event that it is to pass on
      if (status === 200 && wantsReply(request)) response.status(204).end();
      else response.status(status).json(answer);
    },
  );
  router.options('/v1/events', webhookHandshake(config));
  return router;
}

/** The items of a body: one event, a list of events, or one a line. */
function readItems(request: Request): unknown[] {
  const mediaType = mediaTypeOf(request.headers['content-type'], [...JSON_TYPES, LINES_TYPE]);
  const text = textOf(request);
  if (mediaType === LINES_TYPE) return readLines(text);
  const parsed = parseJson(text);
  return (Array.isArray(parsed) ? parsed : [parsed]).map(decoded);
}

/** The event of a request in binary mode. */
function readBinary(request: Request): unknown {
  const text = textOf(request);
  const hasData = hasJsonData(request.headers) && text.trim() !== '';
  return binaryEvent(request.headers, hasData ? parseJson(text) : undefined);
}

/** Whether the sender passes on what it is answered, as Knative's brokers and channels do. */
function wantsReply(request: Request): boolean {
  return /(?:^|[\s,])reply(?:$|[\s,;])/i.test(request.get('Prefer') ?? '');
}

function decoded(item: unknown): unknown {
  return withDecodedData(item, (bytes) => JSON.parse(bytes.toString('utf8')));
}

function readLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => {
      try {
        return decoded(JSON.parse(line));
      } catch {
        return new UnreadableItem('this line is no JSON: send one event per line');
      }
    });
}
