import { EVENT_TYPES } from '../../contract/events.js';
import { exampleEvent } from '../events.js';
import { z } from 'zod';
import type { Example, Operation } from '../operation.js';

const one = exampleEvent('run.completed');
const batch = [exampleEvent('session.created'), exampleEvent('run.started'), one];
const lines = batch.map((event) => JSON.stringify(event)).join('\n');
const ofEachType = Object.fromEntries(
  EVENT_TYPES.map((type): [string, Example] => [type, { value: exampleEvent(type) }]),
);

const invalid = {
  index: 0,
  id: 'r-2-done',
  code: 'invalid_event',
  path: 'data.completedAt',
  message: 'must be an RFC 3339 time such as 2026-01-31T09:30:00.000Z',
};
const answer = (description: string, value: object) =>
  ({
    description,
    content: { 'application/json': { schema: 'IngestAnswer', examples: { answer: { value } } } },
  }) as const;

export const sendEvents: Operation = {
  method: 'post',
  path: '/v1/events',
  id: 'sendEvents',
  tag: 'Sending',
  summary: 'Send events',
  description:
    'One event, a list of events, or one event a line, plain or with `Content-Encoding: gzip`. An answer of 2xx means ' +
    'that what it counts as accepted is on disk. Events count once by (source, id), whatever their order, batches and ' +
    'repetitions: send again what got no answer or a 503. Brokers may send CloudEvents in binary mode too: the attributes ' +
    'as `ce-` headers, percent-encoded, and `data` as the body; and `data_base64` in place of `data`.',
  scope: 'ingest',
  body: {
    description: 'At most 10 MiB after decompression and 10,000 events, if the service is not configured otherwise.',
    content: {
      'application/json': {
        schema: 'EventOrEvents',
        examples: { ...ofEachType, batch: { summary: 'several at once', value: batch } },
      },
      'application/cloudevents+json': { schema: 'Event', examples: { event: { value: one } } },
      'application/cloudevents-batch+json': { schema: 'Events', examples: { events: { value: batch } } },
      'application/x-ndjson': {
        schema: { type: 'string', description: 'one event a line' },
        examples: { lines: { value: lines } },
      },
    },
  },
  answers: {
    200: answer('No event was rejected.', { accepted: 2, duplicates: 1, rejected: [] }),
    207: answer('Some events were rejected; the others are stored.', {
      accepted: 2,
      duplicates: 0,
      rejected: [{ ...invalid, index: 2 }],
    }),
    204: { description: 'As 200, for a sender that would pass on a body as an event: it sent `Prefer: reply`.' },
    422: answer('Every event was rejected.', { accepted: 0, duplicates: 0, rejected: [invalid] }),
  },
  problems: ['invalid_json', 'invalid_request', 'too_large', 'unsupported_media_type'],
};

export const greetWebhook: Operation = {
  method: 'options',
  path: '/v1/events',
  id: 'greetWebhook',
  tag: 'Sending',
  summary: 'Ask whether a webhook may send',
  description:
    'The handshake of CloudEvents webhooks, as Azure Event Grid makes it. It needs no token and grants nothing: every ' +
    'event that follows needs one.',
  scope: null,
  parameters: [
    {
      name: 'WebHook-Request-Origin',
      in: 'header',
      description: 'who wants to send',
      schema: z.string(),
      required: true,
      example: 'eventgrid.azure.net',
    },
    {
      name: 'WebHook-Request-Rate',
      in: 'header',
      description: 'how many requests a minute',
      schema: z.string(),
      example: '120',
    },
  ],
  answers: {
    200: {
      description: 'It may.',
      headers: {
        Allow: { description: 'the method to send with', example: 'POST' },
        'WebHook-Allowed-Origin': { description: 'the origin that asked', example: 'eventgrid.azure.net' },
      },
    },
  },
  problems: [],
};
