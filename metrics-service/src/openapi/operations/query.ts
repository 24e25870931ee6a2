import { z } from 'zod';
import { DATASOURCE_HEADER } from '../../contract/query.js';
import { EXAMPLES } from '../../query/examples.js';
import type { Example, Operation } from '../operation.js';

const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1)];

const requests = Object.fromEntries(
  EXAMPLES.map(({ title, query }, index): [string, Example] => [
    `example${index + 1}`,
    { summary: title, value: { from, to, timezone: 'Europe/Vienna', queries: [{ refId: 'A', ...query }] } },
  ]),
);

const frame = {
  schema: {
    refId: 'A',
    meta: { type: 'timeseries-multi', notices: [{ severity: 'info', text: 'fewer than 20 runs (1 of 1 groups)' }] },
    fields: [
      { name: 'time', type: 'time', typeInfo: { frame: 'time.Time' } },
      {
        name: 'run_success_rate',
        type: 'number',
        typeInfo: { frame: 'float64', nullable: true },
        labels: { team: 'core' },
        config: { displayNameFromDS: 'core', unit: 'percentunit' },
      },
    ],
  },
  data: {
    values: [
      [from, from + 86_400_000],
      [0.93, null],
    ],
  },
};
const answered = { results: { A: { status: 200, frames: [frame] } } };
const refused = {
  results: {
    A: { status: 400, error: 'unknown metric "x": one of runs, succeeded_runs', errorSource: 'downstream' },
  },
};

const tooLong = {
  results: {
    A: {
      status: 504,
      error:
        'this took longer than the 20 s (RUNBOARD_QUERY_TIMEOUT_MS) that a question may take: choose a shorter range, ' +
        'fewer groups, filters on fewer things, or ask for less at a time',
      errorSource: 'downstream',
    },
  },
};

export const ask: Operation = {
  method: 'post',
  path: '/v1/query',
  id: 'query',
  tag: 'Asking',
  summary: 'Ask for numbers',
  description:
    'One request holds up to 200 queries. Each has a result of its own under its `refId`; one that cannot be answered as ' +
    'it was asked has `status` 400 and an `error` there, one that takes too long 504, one that takes too much of the ' +
    "database's disk 422, and the others are answered. A caller who goes away ends them. Results are data frames in the " +
    'form that Grafana reads: times are epoch milliseconds, null is unknown. `meta.notices` say what a reader would ' +
    'otherwise get wrong.',
  parameters: [
    {
      name: DATASOURCE_HEADER,
      in: 'header',
      description:
        'the uid of the data source of a Grafana: if a person asks (`X-Runboard-Viewer-Kind: user`), sessions, users and ' +
        'spans get `config.links` to the boards of Runboard there',
      schema: z.string(),
      example: 'runboard',
    },
  ],
  scope: 'read',
  body: {
    description: 'At most 1 MiB. Members that the service does not know are ignored, and named in a notice.',
    content: { 'application/json': { schema: 'QueryRequest', examples: requests } },
  },
  answers: {
    200: {
      description: 'A result per query.',
      content: {
        'application/json': {
          schema: 'QueryAnswer',
          examples: {
            answered: { summary: 'a series', value: answered },
            refused: { summary: 'a query with an unknown name', value: refused },
            tooLong: { summary: 'a query that takes too long', value: tooLong },
          },
        },
      },
    },
  },
  problems: [
    'invalid_json',
    'invalid_request',
    'too_large',
    'unsupported_media_type',
    'query_too_large',
    'query_timeout',
  ],
};
