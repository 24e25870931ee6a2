import type { Asked, NamedGroup } from './asked.js';
import { findMetric, METRICS, valueFor, type Dimension, type Metric } from '../catalogue/index.js';
import { hasInterval } from '../catalogue/metric.js';
import { NONE } from '../contract/query.js';
import { compareUtf8 } from '../text-order.js';
import type { QuestionContext, Settings } from './context.js';
import { evaluate } from './evaluate.js';
import { WHOLE, type Grid, type Group } from './grid.js';
import { intervalOf } from './interval-ends.js';
import { unknownName } from './invalid.js';
import { groupNotices, noticeMeasures, type NoticeText } from './notices.js';
import { changeKindOf, changeOf } from './change.js';
import { runsBehind } from './changes.js';
import type { Earlier } from './compare.js';
import { eventTimes } from './event-times.js';
import { compareTexts, nullsLast } from './order.js';
import { checkLive, checkSize, checkTakes, planDirection, planGroups, planMetrics, readRows } from './plan.js';
import type { Question } from './question.js';
import { budgetNames } from './budgets/budget.js';
import { fingerprintTexts } from './fingerprints.js';
import { shownNames } from './users.js';
import type { Reason } from './reasons.js';
import { whyEmpty } from './why-empty.js';
import type { Planned } from './views/view.js';
import { checkNumbers } from './visibility.js';
import type { Direction } from './rows.js';
import { type Cut } from './cut.js';
import { checkUsual } from './usual.js';

/** What groups are sorted by: a metric (in this window, the one before, its change, an end of its interval) or a dimension. */
type Order =
  | { readonly by: 'metric'; readonly asked: Asked; readonly of: 'now' | 'previous' | 'change' | 'low' | 'high' }
  | { readonly by: 'name' | 'id'; readonly index: number };

/** A plan for metrics per group: the views total, series and table. */
export interface GroupedPlan extends Planned {
  readonly groups: readonly Dimension[];
  readonly asked: readonly Asked[];
  readonly order: Order;
  readonly direction: Direction;
  readonly limit: number;
  readonly offset: number;
  /** the window that it is compared with */
  readonly earlier?: Earlier | null;
  /** the template for names of lines and numbers, if the query has one */
  readonly legend: string | null;
}

export interface GroupedAnswer {
  readonly grid: Grid;
  readonly groups: readonly NamedGroup[];
  readonly notices: NoticeText[];
  /** whether the earlier window is one of which all is kept */
  readonly isComparable: boolean;
  /** why there is nothing in it */
  readonly reason: Reason | null;
}

/** The groups' part of a plan; `defaultLimit` applies if the query has none. */
export function planGrouped(question: Question, settings: Settings, defaultLimit: number): GroupedPlan {
  const rows = readRows(question, settings);
  const groups = planGroups(question);
  const dimensions = [...groups, ...rows.filters.map((filter) => filter.dimension)];
  const metrics = planMetrics(question, groups, rows.filters);
  const ask = (metric: Metric): Asked => ({ metric, value: valueFor(metric, dimensions) });
  const asked = metrics.map(ask);
  const order = planOrder(question, asked, groups, (metric) => {
    checkTakes(metric, groups, rows.filters);
    return ask(metric);
  });
  const ordered = order.by === 'metric' ? [order.asked.metric] : [];
  for (const metric of [...metrics, ...ordered]) checkLive(metric, question);
  const isByUsual = order.by === 'metric' && order.asked.value.base === 'usual';
  if (question.orderBy && isByUsual) checkUsual([rows.window], rows.timezone);
  checkNumbers(settings.scope, { groups, filters: rows.filters, metrics: [...metrics, ...ordered] });
  const [limit, offset] = [question.limit ?? defaultLimit, question.offset ?? 0];
  const direction = planDirection(question);
  return { rows, groups, asked, order, direction, limit, offset, legend: question.legend || null };
}

function planOrder(
  { orderBy, compare, intervals }: Question,
  asked: readonly Asked[],
  groups: readonly Dimension[],
  ask: (metric: Metric) => Asked,
): Order {
  if (!orderBy) return { by: 'metric', asked: asked[0]!, of: 'now' };
  const metric = findMetric(orderBy);
  if (metric) return { by: 'metric', asked: ask(metric), of: 'now' };
  const index = groups.findIndex(({ name }) => name === orderBy || `${name}_id` === orderBy);
  if (index >= 0) return { by: groups[index]!.name === orderBy ? 'name' : 'id', index };
  for (const one of compare ? asked : []) {
    if (orderBy === `${one.metric.id}_previous`) return { by: 'metric', asked: one, of: 'previous' };
    if (orderBy === `${one.metric.id}_change`) return { by: 'metric', asked: one, of: 'change' };
  }
  for (const one of intervals ? asked.filter(({ metric }) => hasInterval(metric)) : []) {
    if (orderBy === `${one.metric.id}_low`) return { by: 'metric', asked: one, of: 'low' };
    if (orderBy === `${one.metric.id}_high`) return { by: 'metric', asked: one, of: 'high' };
  }
  throw unknownName('orderBy', orderBy, [...groups.map(({ name }) => name), ...METRICS.map(({ id }) => id)]);
}

/** The value that a group is sorted by. */
function orderValue(
  { grid, isComparable }: Pick<GroupedAnswer, 'grid' | 'isComparable'>,
  { asked, of }: Order & { by: 'metric' },
  group: Group,
): number | null {
  if (of === 'low' || of === 'high') return intervalOf(asked, grid, group)?.[of] ?? null;
  const now = grid.value(asked.value, group, WHOLE);
  if (of === 'now') return now;
  const previous = grid.value(asked.value, group, 0);
  if (of === 'previous') return previous;
  return isComparable ? changeOf(previous, now, changeKindOf(asked.metric)) : null;
}

/** Refuses more values than an answer may have, given the number of groups. @throws InvalidQuery */
export function checkValues({ asked, rows }: GroupedPlan, groups: number, { slices }: Cut): void {
  if (asked.some(({ value }) => value.base === 'usual')) checkUsual(slices, rows.timezone);
  checkSize(groups, slices.length, asked.length);
}

/**
 * Computes the metrics per group and slice: without groups in which no row falls, sorted, cut to the limit; last, beyond it,
 * the groups over too few people as one, where numbers over few people are hidden.
 * @throws InvalidQuery if that is more than an answer may have
 */
export async function answerGroups(context: QuestionContext, plan: GroupedPlan, cut: Cut): Promise<GroupedAnswer> {
  const { rows, groups: dimensions, asked, order, direction, limit, offset } = plan;
  const ordered = order.by === 'metric' ? [order.asked] : [];
  const values = [...asked, ...ordered].map(({ value }) => value);
  const filtered = [...dimensions, ...rows.filters.map(({ dimension }) => dimension)];
  const behind = plan.earlier ? asked.map((one) => runsBehind(one, filtered)) : [];
  const extraMeasures = [...noticeMeasures(asked), ...behind];
  const isComparable = plan.earlier ? await isKept(context, plan.earlier) : false;
  const grid = await evaluate(context, { values, extraMeasures, groups: dimensions, rows, cut });
  const hasRows = (group: Group): boolean => asked.some(({ value }) => grid.hasRows(value, group));
  const found = dimensions.length === 0 ? grid.groups : grid.groups.filter(hasRows);
  const named = await nameGroups(context, found, dimensions);
  const sorted = sortGroups(named, { grid, isComparable, order, direction });
  const shown = dimensions.length === 0 ? sorted : sorted.slice(offset, offset + limit);
  const { remainder } = grid;
  const together = asked.some(({ value }) => grid.isRemainderShown(value))
    ? [{ group: remainder, names: remainder.key }]
    : [];
  const notices = await groupNotices(context, { asked, rows, grid, shown, found: sorted.length, offset });
  const reason = await whyEmpty(context, plan, grid);
  return { grid, groups: [...shown, ...together], notices, isComparable, reason };
}

/** Whether all of the earlier window is kept: it does not begin before the organization's first event. */
async function isKept(context: QuestionContext, { window }: Earlier): Promise<boolean> {
  const { first } = await eventTimes(context);
  return first !== null && window.from >= first;
}

/** The groups as people call them. */
export async function nameGroups(
  context: QuestionContext,
  groups: readonly Group[],
  dimensions: readonly Dimension[],
): Promise<NamedGroup[]> {
  const naming = dimensions.map(async ({ name }, index) => {
    const ids = groups.flatMap(({ key }) => key[index] ?? []);
    return NAMED[name]?.(context, [...new Set(ids)]);
  });
  const names = await Promise.all(naming);
  const shown = (value: string | null, index: number): string | null => {
    if (value === null) return null;
    return dimensions[index]!.ofClock ? String(Number(value)) : (names[index]?.get(value) ?? value);
  };
  return groups.map((group) => ({ group, names: group.key.map(shown) }));
}

/** The dimensions whose values are shown by a name that is not their id, and how that is found. */
const NAMED: Readonly<
  Record<string, (context: QuestionContext, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>>
> = { user: shownNames, failure_fingerprint: fingerprintTexts, budget: budgetNames };

/** Rows without a value come last in either direction; ties are broken by name, then id. */
function sortGroups(
  groups: readonly NamedGroup[],
  { grid, isComparable, order, direction }: { grid: Grid; isComparable: boolean; order: Order; direction: Direction },
): NamedGroup[] {
  // 9 o'clock comes before 10: keys have leading zeros
  const ordered = ({ names, group }: NamedGroup): (string | null)[] =>
    names.map((name, index) => (grid.dimensions[index]!.ofClock ? group.key[index]! : name));
  const withValue = groups.map((named) => ({
    named,
    nameless: Number(named.names.includes(null)),
    value: order.by === 'metric' ? orderValue({ grid, isComparable }, order, named.group) : null,
    text: order.by === 'metric' ? null : (order.by === 'name' ? ordered(named) : named.group.key)[order.index]!,
  }));
  withValue.sort(
    (one, other) =>
      one.nameless - other.nameless ||
      nullsLast(one.value, other.value, direction, (a, b) => a - b) ||
      nullsLast(one.text, other.text, direction, compareUtf8) ||
      compareTexts(ordered(one.named), ordered(other.named)) ||
      compareTexts(one.named.group.key, other.named.group.key),
  );
  return withValue.map(({ named }) => named);
}

/** A group's labels: `user` and `user_id`, `team`, …; never empty. */
export function labelsOf({ group, names }: NamedGroup, dimensions: readonly Dimension[]): Record<string, string> {
  const labels = dimensions.flatMap((dimension, index) => [
    [dimension.name, names[index] ?? NONE],
    ...(hasId(dimension) ? [[`${dimension.name}_id`, group.key[index] ?? NONE]] : []),
  ]);
  return Object.fromEntries(labels) as Record<string, string>;
}

/** Whether a dimension's values are shown under a name other than their id. */
export function hasId({ name }: Dimension): boolean {
  return name in NAMED;
}
