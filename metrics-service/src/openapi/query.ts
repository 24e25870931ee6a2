import { z } from 'zod';
import { DIMENSIONS, METRICS } from '../catalogue/index.js';
import { filter, QUERY_VERSION, querySchema, requestSchema, wholeNumber } from '../contract/query.js';
import { INTERVALS } from '../query/buckets.js';
import { COMPARISONS } from '../query/compare.js';
import { ANNOTATION_KINDS } from '../query/statements/annotations.js';
import { CONTRASTED } from '../query/statements/contrast.js';
import { DISTRIBUTIONS } from '../query/views/distribution.js';
import { VIEWS } from '../query/views/index.js';

/** The request of POST /v1/query with the names of the catalogue, where the service's own schema accepts any text. */

const dimension = z.enum(DIMENSIONS.map(({ name }) => name)).meta({ description: DIMENSIONS.map(titled).join('; ') });
const metric = z.enum(METRICS.map(({ id }) => id));
const view = z.enum(VIEWS.map(({ name }) => name));

function titled({ name, title }: { name: string; title: string }): string {
  return `\`${name}\`: ${title}`;
}

const described = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  schema.nullish().meta({ description });

const { from, to, timezone, maxDataPoints } = querySchema.shape;

export const askedQuery = querySchema
  .extend({
    view: view.meta({ description: VIEWS.map(titled).join('; ') }),
    metrics: described(z.union([z.array(metric), metric]), 'see GET /v1/catalogue'),
    groupBy: described(z.union([z.array(dimension).max(2), dimension]), 'at most two dimensions'),
    filters: described(
      z.partialRecord(dimension, filter),
      'per dimension a value, a list of values, or `{"not": [values]}`; `(none)` stands for rows without one',
    ),
    kinds: described(
      z.union([z.array(z.enum(ANNOTATION_KINDS)), z.enum(ANNOTATION_KINDS)]),
      'what the view annotations marks; all but `budget_change` and `finding` by default',
    ),
    of: described(
      z.enum([...CONTRASTED, ...DISTRIBUTIONS]),
      'what the view contrast is of, `sessions` by default; what the view distribution is of, `duration` by default',
    ),
    by: described(z.partialRecord(dimension, filter), querySchema.shape.by.meta()!.description!),
    interval: described(
      z.enum(['auto', ...INTERVALS]),
      'the points of the view series, or the cells over time of the view distribution, which is one histogram without it. ' +
        '`auto`, the default of a series: the finest that gives at most `maxDataPoints` points, and with ' +
        'all groups and metrics at most 10,000 values',
    ),
    compare: described(
      z.enum(COMPARISONS),
      'adds an earlier window: `previous`, as long as this one and directly before it; `same_weekdays`, this one by the ' +
        'fewest whole weeks earlier that both do not overlap. A change of a share is in percentage points',
    ),
    values: described(dimension, querySchema.shape.values.meta()!.description!),
    trend: described(metric, querySchema.shape.trend.meta()!.description!),
    version: described(wholeNumber(1, QUERY_VERSION), querySchema.shape.version.meta()!.description!),
    direction: described(z.enum(['asc', 'desc']), '`desc` by default'),
  })
  .meta({ description: "One question: a panel's or an alert rule's. It may carry a window of its own." });

export const askedRequest = requestSchema
  .extend({ from, to, timezone, maxDataPoints, queries: z.array(askedQuery).min(1).max(200) })
  .meta({ description: 'Questions, and the window, zone and points of those that carry none of their own.' });
