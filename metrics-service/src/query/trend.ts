import { findMetric, METRICS, valueFor } from '../catalogue/index.js';
import type { Asked } from './asked.js';
import { MAX_VALUES } from './buckets.js';
import type { QuestionContext, Settings } from './context.js';
import type { Cut } from './cut.js';
import { evaluate } from './evaluate.js';
import { jsonColumn, type FrameColumn } from './frames.js';
import type { GroupedAnswer, GroupedPlan } from './groups.js';
import { InvalidQuery, unknownName } from './invalid.js';
import { checkLive, checkTakes, planBuckets } from './plan.js';
import type { Question } from './question.js';
import { checkUsual } from './usual.js';
import { checkNumbers } from './visibility.js';

/** A drawing has no use for more points. */
export const MOST_POINTS = 60;

/** A metric's points over the window, for a small drawing beside a number. */
export interface Trend {
  readonly asked: Asked;
  readonly cut: Cut;
}

/** The points of a metric; by default the finest interval with at most 60. */
export function planPoints(question: Question, { rows }: GroupedPlan): Cut {
  const most = Math.min(question.maxDataPoints ?? MOST_POINTS, MOST_POINTS);
  const { slices } = planBuckets({ ...question, maxDataPoints: most }, rows, 1);
  return { slices, whole: false, asked: 'all' };
}

/** The column that `trend` asks for; null without. @throws InvalidQuery, also for an alert rule, which draws nothing */
export function planTrend(question: Question, plan: GroupedPlan, settings: Settings): Trend | null {
  if (!question.trend) return null;
  if (settings.isForAlert)
    throw new InvalidQuery('trend is for tables that people look at: an alert rule leaves it out');
  const metric = findMetric(question.trend);
  if (!metric) {
    throw unknownName(
      'metric',
      question.trend,
      METRICS.map(({ id }) => id),
    );
  }
  const { rows, groups } = plan;
  checkTakes(metric, groups, rows.filters);
  checkLive(metric, { ...question, view: 'series' });
  checkNumbers(settings.scope, { groups, filters: rows.filters, metrics: [metric] });
  const value = valueFor(metric, [...groups, ...rows.filters.map(({ dimension }) => dimension)]);
  const cut = planPoints(question, plan);
  if (value.base === 'usual') checkUsual(cut.slices, rows.timezone);
  return { asked: { metric, value }, cut };
}

/** A list of points per group, null where the metric is unknown; none for what is not shown. @throws InvalidQuery for too many */
export async function trendColumn(
  context: QuestionContext,
  { rows, groups: dimensions }: GroupedPlan,
  { asked: { metric, value }, cut }: Trend,
  { grid: shown, groups }: Pick<GroupedAnswer, 'grid' | 'groups'>,
): Promise<FrameColumn> {
  const values = groups.length * cut.slices.length;
  if (values > MAX_VALUES) {
    throw new InvalidQuery(
      `trend: ${groups.length} groups × ${cut.slices.length} points are ${values} values, over the 10,000 that a query ` +
        'may have: ask for a smaller limit, or a longer interval',
    );
  }
  const grid = await evaluate(context, { values: [value], extraMeasures: [], groups: dimensions, rows, cut });
  const points = groups.map(({ group: { key }, group: of }) => {
    // what is not shown are other groups at each point
    if (of === shown.remainder) return [];
    const group = grid.group(key, null);
    return cut.slices.map((_, slice) => grid.value(value, group, slice));
  });
  return jsonColumn(`${metric.id}_trend`, points, {
    displayNameFromDS: `${metric.title} (trend)`,
    custom: { cellOptions: { type: 'sparkline', hideValue: true, lineWidth: 1, fillOpacity: 10 } },
  });
}
