import { z } from 'zod';
import { INTERVAL_KINDS } from '../../contract/query.js';
import { INTERVALS } from '../../query/buckets.js';
import { COMPARISONS } from '../../query/compare.js';
import { ask, windowOf } from '../asker.js';
import { explain, withCoverage } from '../coverage.js';
import { dimension, filters, limit, metricId, windowInputs } from '../inputs.js';
import { around, fit, rowFor } from '../text.js';
import { tool } from '../tool.js';

/** Points of a series, where `auto` chooses the interval. */
const POINTS = 60;

export const query = tool({
  name: 'query',
  title: 'Ask for numbers',
  description:
    'Any metrics over a window: a total, a row per group, or a series of points in time. null is unknown or nothing, ' +
    'never zero. Each metric comes with its definition and with what it is known for; metrics of cost and tokens come ' +
    'with cost_coverage and token_coverage in every row.',
  input: {
    metrics: z.array(metricId).min(1).max(10).describe('ids of list_metrics'),
    group_by: z.array(dimension).max(2).optional().describe('at most two dimensions'),
    filters,
    ...windowInputs,
    interval: z
      .enum(['auto', ...INTERVALS])
      .optional()
      .describe('a series of points this far apart'),
    compare: z
      .enum(COMPARISONS)
      .optional()
      .describe(
        'also an earlier window, and the change: previous, as long and directly before; same_weekdays, by whole weeks ' +
          'earlier. Of shares in percentage points; no series',
      ),
    trend: z.string().optional().describe('with group_by: the points of this metric over the window, for each row'),
    intervals: z
      .enum(INTERVAL_KINDS)
      .optional()
      .describe('the ends of the 95 % interval of each share, and a notice which groups are not told apart; no series'),
    order_by: z.string().optional().describe('a metric or group; default the first metric'),
    direction: z.enum(['asc', 'desc']).optional().describe('default desc'),
    limit: limit(20, 100),
    explain: z.boolean().optional().describe('also how it was found'),
  },
  async answer(engine, { metrics, group_by: groupBy = [], interval, order_by, limit: most, ...asked }) {
    const { compare, trend, intervals } = asked;
    const isTable = groupBy.length > 0 || intervals !== undefined;
    const view = interval !== undefined ? 'series' : isTable ? 'table' : 'total';
    const wanted = withCoverage(metrics, { groups: groupBy, filters: Object.keys(asked.filters ?? {}) });
    const query = {
      view,
      metrics: wanted,
      groupBy,
      filters: asked.filters,
      ...(await windowOf(engine, asked)),
      interval,
      ...(interval === 'auto' ? { maxDataPoints: POINTS } : {}),
      compare,
      trend,
      intervals,
      orderBy: order_by,
      direction: asked.direction,
      explain: asked.explain,
      // a total without groups is one row, and has no limit
      limit: groupBy.length > 0 ? most : undefined,
    };
    const answer = await ask(engine, query);
    return fit('rows', {
      ...around(answer),
      ...(answer.answered.engine ? { engine: answer.answered.engine } : {}),
      metrics: await explain(engine, wanted, query),
      rows: answer.rows.map((row) => rowFor(answer.columns, row)),
    });
  },
});
