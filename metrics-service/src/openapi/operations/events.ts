import { EVENT_TYPES } from '../../contract/events.js';
import { exampleEvent } from '../events.js';
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
    'repetitions: send again what got no answer or a 503.',
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
    422: answer('Every event was rejected.', { accepted: 0, duplicates: 0, rejected: [invalid] }),
  },
  problems: ['invalid_json', 'invalid_request', 'too_large', 'unsupported_media_type'],
};
