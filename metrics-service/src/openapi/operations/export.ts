import { z } from 'zod';
import { DIMENSIONS, METRICS } from '../../catalogue/index.js';
import { instant, wholeNumber } from '../../contract/query.js';
import { EXPORTED_VIEWS } from '../../export/index.js';
import { HEADINGS } from '../../export/parameters.js';
import { COMPARISONS } from '../../query/compare.js';
import type { Operation, Parameter } from '../operation.js';

const query = (name: string, schema: z.ZodType, description: string, more: Partial<Parameter> = {}): Parameter => ({
  ...{ name, in: 'query', schema, description },
  ...more,
});
const rows = wholeNumber(1, Number.MAX_SAFE_INTEGER);
const dimensions = z.array(z.enum(DIMENSIONS.map(({ name }) => name)));

const variables = DIMENSIONS.filter(({ ofClock }) => !ofClock).map(({ name, title }) =>
  query(
    `var-${name}`,
    z.array(z.string()),
    `only these of: ${title}; repeat it for more. \`$__all\` and \`*\`: no filter`,
  ),
);

const example = 'Run,Session,User,User id,Team,Status,…\r\nr1,s1,Ann Example,ann,core,SUCCEEDED,…\r\n';

export const readExport: Operation = {
  method: 'get',
  path: '/v1/export/{view}.csv',
  id: 'export',
  tag: 'Asking',
  summary: 'A view as a CSV file',
  description:
    'All rows of a view, streamed (RFC 4180, UTF-8, a line of titles). Numbers are not formatted, times are ISO 8601 in ' +
    'the asked zone, unknown is empty. A cell that a spreadsheet would take for a formula begins with an apostrophe. The ' +
    'parameters are the members of a query of POST /v1/query. Where who asks may see nothing, the organization has no data, ' +
    'or a filter names what does not exist, a line before the titles says so: it begins with `#`.',
  scope: 'read',
  parameters: [
    {
      name: 'view',
      in: 'path',
      description: 'what to export',
      schema: z.enum(EXPORTED_VIEWS),
      required: true,
      example: 'runs',
    },
    query('from', instant, 'the start of the window', { required: true, example: Date.UTC(2026, 0, 1) }),
    query('to', instant, 'its end, not included', { required: true, example: Date.UTC(2026, 1, 1) }),
    query('timezone', z.string(), "an IANA name; by default the organization's zone", { example: 'Europe/Vienna' }),
    query('metrics', z.array(z.enum(METRICS.map(({ id }) => id))), 'of a table, at least one; repeated or with commas'),
    query('groupBy', dimensions.max(2), 'of a table, at most two; repeated or with commas'),
    query('filters', z.string(), 'as in a query, in JSON', { example: '{"repo":["web"]}' }),
    query('compare', z.enum(COMPARISONS), 'of a table: adds an earlier window, and the change'),
    query('orderBy', z.string(), 'a metric or column'),
    query('direction', z.enum(['asc', 'desc']), '`desc` by default'),
    query('limit', rows, 'how many rows, all by default'),
    query('offset', wholeNumber(0, Number.MAX_SAFE_INTEGER), 'how many rows to leave out before them'),
    query(
      'cursor',
      z.string(),
      'of a list: its rows by their ids, each with one more column, `cursor`. `start`, or the cursor of the last row ' +
        'received. Not with orderBy, direction or offset',
      { example: 'start' },
    ),
    query(
      'bom',
      z.boolean(),
      'begins with a byte-order mark, by which Excel on Windows knows UTF-8; `false` by default',
    ),
    query(
      'headings',
      z.enum(HEADINGS),
      '`units`: the first line says what numbers are in, `Total cost (USD)`; `plain` by default, `Total cost`',
    ),
    ...variables,
  ],
  answers: {
    200: {
      description:
        'The file. If it ends before its last line, the connection is closed without a proper end: also where its reader ' +
        'is slower than RUNBOARD_EXPORT_BYTES_PER_SECOND. With `cursor` it can be continued after the last row received: ' +
        'no row that stays as it is is lost, or there twice.',
      content: { 'text/csv': { schema: { type: 'string' }, examples: { shortened: { value: example } } } },
    },
  },
  problems: ['invalid_request', 'not_found', 'query_too_large', 'query_timeout'],
};
