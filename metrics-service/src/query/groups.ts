import { findMetric, METRICS, type Dimension, type Metric } from '../catalogue/index.js';
import type { MetricValue } from '../catalogue/metric.js';
import type { Query } from '../contract/query.js';
import { NONE } from '../contract/query.js';
import { compareUtf8 } from '../text-order.js';
import { evaluate, type Context } from './evaluate.js';
import { valueOf, WHOLE, type Grid, type Group } from './grid.js';
import { unknownName } from './invalid.js';
import { groupNotices, noticeMeasures, type NoticeText } from './notices.js';
import { compareTexts, nullsLast } from './order.js';
import {
  checkSize,
  checkTakes,
  planDirection,
  planGroups,
  planMetrics,
  readRows,
  type Defaults,
  type Direction,
  type Rows,
} from './plan.js';
import { checkNumbers } from './scope.js';
import { isSliced, type Cut } from './statements/aggregation.js';
import { shownNames } from './users.js';

/** A metric as a query asks for it. */
export interface Asked {
  readonly metric: Metric;
  readonly value: MetricValue;
}

/** What groups are put in order by: a metric (of this window, the one before, or its change), or a dimension. */
type Order =
  | {
      readonly by: 'metric';
      readonly asked: Asked;
      readonly of: (grid: Grid, value: MetricValue, group: Group) => number | null;
    }
  | { readonly by: 'name' | 'id'; readonly index: number };

/** A query whose answer is metrics per group: the views total, series and table. */
export interface GroupedQuery {
  readonly rows: Rows;
  readonly groups: readonly Dimension[];
  readonly asked: readonly Asked[];
  readonly order: Order;
  readonly direction: Direction;
  readonly limit: number;
  readonly offset: number;
  /** what lines and numbers are called, where the query says it */
  readonly legend: string | null;
}

/** A group with what it is called. */
export interface NamedGroup {
  readonly group: Group;
  /** shown name per dimension; null for rows without a value */
  readonly names: readonly (string | null)[];
}

export interface GroupedAnswer {
  readonly grid: Grid;
  readonly groups: readonly NamedGroup[];
  readonly notices: NoticeText[];
}

/** The groups' part of a plan; `defaultLimit` where the query names none. */
export function planGrouped(query: Query, defaults: Defaults, defaultLimit: number): GroupedQuery {
  const rows = readRows(query, defaults);
  const groups = planGroups(query);
  const dimensions = [...groups, ...rows.filters.map((filter) => filter.dimension)];
  const metrics = planMetrics(query, groups, rows.filters);
  const asked = metrics.map((metric) => ({ metric, value: valueOf(metric, dimensions) }));
  const order = planOrder(query, asked, groups, (metric) => {
    checkTakes(metric, groups, rows.filters);
    return { metric, value: valueOf(metric, dimensions) };
  });
  const ordered = order.by === 'metric' ? [order.asked.metric] : [];
  checkNumbers(defaults.scope, { groups, filters: rows.filters, metrics: [...metrics, ...ordered] });
  const [limit, offset] = [query.limit ?? defaultLimit, query.offset ?? 0];
  const direction = planDirection(query);
  return { rows, groups, asked, order, direction, limit, offset, legend: query.legend || null };
}

/** The change against the window before: a ratio, null where the earlier value is 0 or null. */
export function changeOf(earlier: number | null, now: number | null): number | null {
  return earlier === null || earlier === 0 || now === null ? null : (now - earlier) / earlier;
}

function planOrder(
  { orderBy, compare }: Query,
  asked: readonly Asked[],
  groups: readonly Dimension[],
  ask: (metric: Metric) => Asked,
): Order {
  const now = (grid: Grid, value: MetricValue, group: Group): number | null => grid.value(value, group, WHOLE);
  if (!orderBy) return { by: 'metric', asked: asked[0]!, of: now };
  const metric = findMetric(orderBy);
  if (metric) return { by: 'metric', asked: ask(metric), of: now };
  const index = groups.findIndex(({ name }) => name === orderBy || `${name}_id` === orderBy);
  if (index >= 0) return { by: groups[index]!.name === orderBy ? 'name' : 'id', index };
  const previous = (grid: Grid, value: MetricValue, group: Group): number | null => grid.value(value, group, 0);
  const change = (grid: Grid, value: MetricValue, group: Group): number | null =>
    changeOf(previous(grid, value, group), now(grid, value, group));
  for (const one of compare ? asked : []) {
    if (orderBy === `${one.metric.id}_previous`) return { by: 'metric', asked: one, of: previous };
    if (orderBy === `${one.metric.id}_change`) return { by: 'metric', asked: one, of: change };
  }
  throw unknownName('orderBy', orderBy, [...groups.map(({ name }) => name), ...METRICS.map(({ id }) => id)]);
}

/**
 * Binds a plan to the slices of its window, which may be fewer for more groups; more values than an answer may hold are
 * refused now, or as soon as the groups are known. What it answers with takes the rows as they are after look-ups.
 * @throws InvalidQuery
 */
export function answerer<Of extends Cut>(
  query: GroupedQuery,
  cutFor: (groups: number) => Of,
): (context: Context, rows: Rows) => Promise<GroupedAnswer & { cut: Of }> {
  const check = (groups: number, { slices }: Cut): void => checkSize(groups, slices.length, query.asked.length);
  const first = cutFor(1);
  check(1, first);
  return async (context, rows) => {
    const resolved = { ...query, rows };
    const answer = await answerGroups(context, resolved, first);
    const cut = cutFor(Math.max(answer.groups.length, 1));
    check(answer.groups.length, cut);
    return cut.slices.length === first.slices.length
      ? { ...answer, cut: first }
      : { ...(await answerGroups(context, resolved, cut)), cut };
  };
}

/** Computes the metrics per group and slice: groups without anything left out, in order, cut by the limit. */
async function answerGroups(context: Context, query: GroupedQuery, cut: Cut): Promise<GroupedAnswer> {
  const { rows, groups: dimensions, asked, order, direction, limit, offset } = query;
  const ordered = order.by === 'metric' ? [order.asked] : [];
  const values = [...asked, ...ordered].map(({ value }) => value);
  const besides = noticeMeasures(asked);
  const grid = await evaluate(context, { values, besides, groups: dimensions, rows, cut });
  const slices = [...cut.slices.keys(), ...(isSliced(cut) ? [WHOLE] : [])];
  const isSomething = (group: Group): boolean =>
    asked.some(({ value }) => slices.some((slice) => (grid.value(value, group, slice) ?? 0) !== 0));
  const kept = dimensions.length === 0 ? grid.groups : grid.groups.filter(isSomething);
  const named = await nameGroups(context, kept, dimensions);
  const sorted = sortGroups(named, { grid, order, direction });
  const shown = dimensions.length === 0 ? sorted : sorted.slice(offset, offset + limit);
  const notices = await groupNotices(context, { asked, rows, grid, shown, found: sorted.length, offset });
  return { grid, groups: shown, notices };
}

async function nameGroups(context: Context, groups: Group[], dimensions: readonly Dimension[]): Promise<NamedGroup[]> {
  const userAt = dimensions.findIndex(({ name }) => name === 'user');
  const userIds = groups.flatMap(({ key }) => key[userAt] ?? []);
  const names = await shownNames(context, [...new Set(userIds)]);
  const shown = (value: string | null, index: number): string | null =>
    value !== null && index === userAt ? (names.get(value) ?? value) : value;
  return groups.map((group) => ({ group, names: group.key.map(shown) }));
}

/** Rows without a value come last in any order; ties are broken by name, then id. */
function sortGroups(
  groups: readonly NamedGroup[],
  { grid, order, direction }: { grid: Grid; order: Order; direction: Direction },
): NamedGroup[] {
  const withValue = groups.map((named) => ({
    named,
    nameless: Number(named.names.includes(null)),
    value: order.by === 'metric' ? order.of(grid, order.asked.value, named.group) : null,
    text: order.by === 'metric' ? null : (order.by === 'name' ? named.names : named.group.key)[order.index]!,
  }));
  withValue.sort(
    (one, other) =>
      one.nameless - other.nameless ||
      nullsLast(one.value, other.value, direction, (a, b) => a - b) ||
      nullsLast(one.text, other.text, direction, compareUtf8) ||
      compareTexts(one.named.names, other.named.names) ||
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

/** Whether a dimension's values are shown by a name that is not their id. */
export function hasId({ name }: Dimension): boolean {
  return name === 'user';
}
