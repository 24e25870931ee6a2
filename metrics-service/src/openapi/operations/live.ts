import { z } from 'zod';
import { DIMENSIONS } from '../../catalogue/index.js';
import { wholeNumber } from '../../contract/query.js';
import type { Operation, Parameter } from '../operation.js';

const query = (name: string, schema: z.ZodType, description: string, more: Partial<Parameter> = {}): Parameter => ({
  ...{ name, in: 'query', schema, description },
  ...more,
});

const variables = DIMENSIONS.filter(({ ofClock }) => !ofClock).map(({ name, title }) =>
  query(
    `var-${name}`,
    z.array(z.string()),
    `only these of: ${title}; repeat it for more. \`$__all\` and \`*\`: no filter`,
  ),
);

const example = [
  'retry: 1000',
  '',
  'id: 5tq0mC8hJ2pXr9aB',
  'event: snapshot',
  'data: {"asOf":1769850180000,"runs":[{"run":"r-1","state":"running",…}],"numbers":{"in_flight_runs_now":1,…},"notices":[]}',
  '',
  'id: Qd3mZ71vK0eLw4sT',
  'event: change',
  'data: {"asOf":1769850181000,"changed":[{"run":"r-1","last_heard_at":1769850180940,"step":4,…}],"gone":[]}',
  '',
].join('\n');

export const readLive: Operation = {
  method: 'get',
  path: '/v1/live',
  id: 'live',
  tag: 'Asking',
  summary: 'What is going on now, as it changes',
  description:
    'Server-sent events. `snapshot`: the rows of the view `live`, the metrics of now and the notices. `change`: new rows, and of ' +
    'others the members that are different (`changed`, by `run`), runs that are gone (`gone`), and `numbers` and `notices` where they are different. `elapsed` ' +
    'grows by itself from `started_at`, else from `queued_at`: no change tells it. `end`: why the stream ends. A comment every ten ' +
    'seconds says that it is alive. A reader who comes back with `Last-Event-ID` gets what it missed, or a snapshot; one that is too ' +
    'slow is cut. What the asker may see is worked out anew every ten seconds, and when users or settings change; the stream ends ' +
    'with its token. With `rows=false` it says only that there may be something new (`moved`). A process holds 200 streams, 20 of one viewer.',
  scope: 'read',
  parameters: [
    query('filters', z.string(), 'as in a query, in JSON', { example: '{"repo":["web"]}' }),
    query('limit', wholeNumber(1, 10_000), 'how many runs at most, the latest started first; 1,000 by default'),
    query(
      'rows',
      z.enum(['true', 'false']),
      'false: no rows, only that data came in, or that what the asker may see has changed',
    ),
    ...variables,
    {
      name: 'Last-Event-ID',
      in: 'header',
      schema: z.string(),
      description: 'the id of the last message that the reader has',
    },
  ],
  answers: {
    200: {
      description: 'The stream. It ends when its reader goes, its token ends, or the service does.',
      content: { 'text/event-stream': { schema: { type: 'string' }, examples: { beginning: { value: example } } } },
    },
  },
  problems: ['invalid_request', 'query_timeout'],
};
