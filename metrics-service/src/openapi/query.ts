import { z } from 'zod';
import { DIMENSIONS, METRICS } from '../catalogue/index.js';
import {
  adHocFilter,
  filter,
  instant,
  QUERY_VERSION,
  querySchema,
  requestSchema,
  wholeNumber,
} from '../contract/query.js';
import { INTERVALS } from '../query/buckets.js';
import { ANNOTATION_KINDS } from '../query/statements/annotations.js';
import { VIEWS } from '../query/views/index.js';

/** The request of POST /v1/query with the catalogue's names in it, where the service's own schema takes any text. */

const dimension = z.enum(DIMENSIONS.map(({ name }) => name)).meta({ description: DIMENSIONS.map(titled).join('; ') });
const metric = z.enum(METRICS.map(({ id }) => id));
const view = z.enum(VIEWS.map(({ name }) => name));

function titled({ name, title }: { name: string; title: string }): string {
  return `\`${name}\`: ${title}`;
}

const described = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  schema.nullish().meta({ description });

const window = {
  from: described(instant, 'the first instant of the window, in epoch milliseconds'),
  to: described(instant, 'the end of the window, not included'),
  timezone: described(z.string(), "an IANA name, for days and months; default: the organization's").meta({
    examples: ['Europe/Vienna'],
  }),
  maxDataPoints: described(
    wholeNumber(1, Number.MAX_SAFE_INTEGER),
    'how many points `interval: "auto"` may give, 600 by default',
  ),
};

export const askedQuery = querySchema
  .extend({
    refId: described(z.string(), 'names the result; by default A, B, …'),
    view: view.meta({ description: VIEWS.map(titled).join('; ') }),
    metrics: described(z.union([z.array(metric), metric]), 'see GET /v1/catalogue'),
    groupBy: described(z.union([z.array(dimension).max(2), dimension]), 'at most two dimensions'),
    filters: described(
      z.partialRecord(dimension, filter),
      'per dimension a value, a list of values, or `{"not": [values]}`; `(none)` stands for rows without one',
    ),
    adhocFilters: described(
      z.array(adHocFilter),
      "filters from the top of a dashboard, in Grafana's form; they hold beside `filters`, and one that the query does not " +
        'take is left out with a notice',
    ),
    kinds: described(
      z.union([z.array(z.enum(ANNOTATION_KINDS)), z.enum(ANNOTATION_KINDS)]),
      'what the view annotations marks; all by default',
    ),
    interval: described(
      z.enum(['auto', ...INTERVALS]),
      'the points of the view series. `auto`, the default: the finest that gives at most `maxDataPoints` points, and with ' +
        'all groups and metrics at most 10,000 values',
    ),
    compare: described(z.literal('previous'), 'sets the window of the same length before beside this one'),
    legend: described(
      z.string(),
      'what lines and numbers are called in the views total and series; `{{team}}` (a grouping) and `{{metric}}` are replaced',
    ),
    version: described(
      wholeNumber(1, QUERY_VERSION),
      'the version of this language that the query was saved in, so that it keeps its meaning; 1 by default',
    ),
    orderBy: described(z.string(), 'a metric or column; by default the first'),
    direction: described(z.enum(['asc', 'desc']), '`desc` by default'),
    ...window,
  })
  .meta({ description: "One question: a panel's or an alert rule's. It may carry a window of its own." });

export const askedRequest = requestSchema
  .extend({ ...window, queries: z.array(askedQuery).min(1).max(200) })
  .meta({ description: 'Questions, and the window, zone and points of those that carry none of their own.' });
