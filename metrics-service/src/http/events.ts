import { Router, type Request } from 'express';
import { UnreadableItem } from '../ingest/index.js';
import { readBody } from './admission.js';
import { requireScope } from './authenticate.js';
import { readItems, readValue } from './body/items.js';
import { bytesOf, isBlank, mediaTypeOf } from './body/read.js';
import { binaryEvent, hasJsonData, isBinaryMode } from './cloudevents/binary.js';
import { webhookHandshake } from './cloudevents/handshake.js';
import type { Services } from './services.js';

const JSON_TYPES = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'];
const LINES_TYPE = 'application/x-ndjson';

/** `POST /v1/events`: takes CloudEvents, answers what became of each (design section 4). */
export function eventsRoute(services: Services): Router {
  const { ingest, config } = services;
  const router = Router();
  router.post(
    '/v1/events',
    requireScope(services, 'ingest', 'admin'),
    readBody(config.maxBodyBytes),
    async (request, response) => {
      const items = isBinaryMode(request.headers) ? [binaryItem(request)] : await itemsOf(request, config.maxEvents);
      const { orgId, scopes } = response.locals.token;
      const answer = await ingest.ingest(orgId, items, scopes);
      const done = answer.accepted + answer.duplicates;
      const status = answer.rejected.length === 0 ? 200 : done === 0 ? 422 : 207;
      // a broker would forward a body as a new event
      if (status === 200 && wantsReply(request)) response.status(204).end();
      else response.status(status).json(answer);
    },
  );
  router.options('/v1/events', webhookHandshake(config));
  return router;
}

/** The items of a body: one event, a list of events, or one per line. */
function itemsOf(request: Request, most: number): Promise<unknown[]> {
  const mediaType = mediaTypeOf(request.headers['content-type'], [...JSON_TYPES, LINES_TYPE]);
  return readItems(bytesOf(request), { isLines: mediaType === LINES_TYPE, most });
}

/** The event of a binary-mode request, whose body is its data. */
function binaryItem(request: Request): unknown {
  const bytes = bytesOf(request);
  const hasData = hasJsonData(request.headers) && !isBlank(bytes, 0, bytes.length);
  const data = hasData ? readValue(bytes) : undefined;
  return data instanceof UnreadableItem ? data : binaryEvent(request.headers, data);
}

/** Whether the sender forwards the answer as an event, as Knative's brokers and channels do. */
function wantsReply(request: Request): boolean {
  return /(?:^|[\s,])reply(?:$|[\s,;])/i.test(request.get('Prefer') ?? '');
}
