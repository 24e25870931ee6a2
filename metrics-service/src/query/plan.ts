import type { ViewerScope } from '../access/viewer-scope.js';
import { findMetric, METRICS, takes, type DimensionName, type Metric } from '../catalogue/index.js';
import { findDimension, DIMENSIONS, type Dimension } from '../catalogue/dimensions.js';
import { EARLIEST_MS, type FilterValues, type Query } from '../contract/query.js';
import { checkZone, cutWindow, INTERVALS, MAX_VALUES, type Interval, type Window } from './buckets.js';
import { InvalidQuery, quoted, unknownName } from './invalid.js';
import { checkLists } from './scope.js';
import type { Cut } from './statements/aggregation.js';

/** A filter with its dimension found. */
export interface Filter extends FilterValues {
  readonly dimension: Dimension;
}

/** What every view needs: which rows, of whom, in which window. */
export interface Rows {
  readonly window: Window;
  readonly timezone: string;
  readonly filters: readonly Filter[];
  readonly scope: ViewerScope;
  /** a run this long after a handoff makes it an iteration */
  readonly postHandoffMs: number;
}

/** What the request and the organization say where the query itself is silent. */
export interface Defaults {
  /** moves on with every change of the organization's data */
  readonly dataVersion: string;
  readonly timezone: string;
  readonly postHandoffMs: number;
  readonly scope: ViewerScope;
}

const DEFAULT_POINTS = 600;

/** The rows that a query lists. Refuses unknown filters, zones, empty windows, and those who see no lists. */
export function planRows(query: Query, defaults: Defaults): Rows {
  checkLists(defaults.scope);
  return readRows(query, defaults);
}

/** The rows that a query's numbers are about: `checkNumbers` tells whether they may be seen. */
export function readRows(query: Query, defaults: Defaults): Rows {
  return {
    window: planWindow(query),
    timezone: planZone(query, defaults),
    filters: planFilters(query),
    scope: defaults.scope,
    postHandoffMs: defaults.postHandoffMs,
  };
}

function planWindow({ from, to }: Query): Window {
  if (from == null || to == null) {
    throw new InvalidQuery('from and to are needed, in epoch milliseconds, on the request or on the query');
  }
  if (from >= to) throw new InvalidQuery(`from (${from}) must lie before to (${to})`);
  return { from, to };
}

function planZone({ timezone }: Query, defaults: Defaults): string {
  const zone = timezone || defaults.timezone;
  checkZone(zone);
  return zone;
}

/** Each has to let a row pass; two on one dimension may be there, one of them an ad hoc filter. */
function planFilters({ filters, adhocFilters }: Query): Filter[] {
  const adHoc = (adhocFilters ?? []).map(({ dimension, ...given }) => [dimension, given] as const);
  return [...Object.entries(filters ?? {}), ...adHoc].flatMap(([name, given]) => {
    const dimension = dimensionOf(name);
    // an empty list is no filter
    return given.values.length > 0 || given.none ? [{ dimension, ...checkedFlag(dimension, given) }] : [];
  });
}

function dimensionOf(name: string): Dimension {
  const found = findDimension(name);
  if (found) return found;
  throw unknownName(
    'dimension',
    name,
    DIMENSIONS.map((dimension) => dimension.name),
  );
}

function checkedFlag(dimension: Dimension, given: FilterValues): FilterValues {
  const wrong = dimension.flag && given.values.find((value) => value !== 'true' && value !== 'false');
  if (wrong === undefined) return given;
  throw new InvalidQuery(`filter ${dimension.name} takes true and false, not ${quoted(wrong)}`);
}

/** The dimensions that rows are grouped by: at most two. */
export function planGroups({ groupBy }: Query): Dimension[] {
  const groups = (groupBy ?? []).map(dimensionOf);
  if (groups.length > 2) throw new InvalidQuery(`groupBy takes at most two dimensions, not ${groups.length}`);
  return groups;
}

/** The metrics that a query asks for, each taking its groups and filters. */
export function planMetrics(query: Query, groups: readonly Dimension[], filters: readonly Filter[]): Metric[] {
  const ids = query.metrics ?? [];
  if (ids.length === 0) throw new InvalidQuery(`metrics: name at least one of ${allMetrics().join(', ')}`);
  return ids.map((id) => {
    const metric = findMetric(id);
    if (!metric) throw unknownName('metric', id, allMetrics());
    checkTakes(metric, groups, filters);
    return metric;
  });
}

function allMetrics(): string[] {
  return METRICS.map((metric) => metric.id);
}

/** Refuses a grouping or filter that the metric does not take, and a metric without the grouping that it needs. */
export function checkTakes(metric: Metric, groups: readonly Dimension[], filters: readonly Filter[]): void {
  const taken = takes(metric);
  for (const { name } of groups) {
    if (!taken.groups.includes(name)) throw notTaken(metric, 'grouping', name, taken.groups);
  }
  for (const { dimension } of filters) {
    if (!taken.filters.includes(dimension.name)) throw notTaken(metric, 'filter', dimension.name, taken.filters);
  }
  if (metric.requires && !groups.some(({ name }) => name === metric.requires)) {
    throw new InvalidQuery(`metric ${metric.id} needs groupBy ["${metric.requires}"]`);
  }
}

function notTaken(metric: Metric, what: string, name: string, taken: readonly DimensionName[]): InvalidQuery {
  const list = taken.length > 0 ? `it takes ${taken.join(', ')}` : 'it takes none';
  return new InvalidQuery(`metric ${metric.id} does not take the ${what} ${name}: ${list}`);
}

/** The window cut into a series' points, each with `values` values; `auto` keeps them within what an answer may have. */
export function planBuckets(
  query: Query,
  { window, timezone }: Rows,
  values: number,
): { interval: Interval; slices: Window[] } {
  const interval = query.interval || 'auto';
  const known = ['auto', ...INTERVALS] as const;
  const found = known.find((name) => name === interval);
  if (!found) throw unknownName('interval', interval, known);
  const points = Math.min(query.maxDataPoints ?? DEFAULT_POINTS, Math.floor(MAX_VALUES / values));
  return cutWindow(window, found, timezone, points);
}

/** Whether `compare: "previous"` is asked for. */
export function isCompared({ compare }: Query): boolean {
  if (!compare) return false;
  if (compare !== 'previous') throw unknownName('compare', compare, ['previous']);
  return true;
}

/** The window as one piece; with `compare` after the one of the same length before it. */
export function planCut(query: Query, { window }: Rows): Cut {
  if (!isCompared(query)) return { slices: [window], whole: false, asked: 'all' };
  const { from, to } = window;
  const previous = { from: Math.max(from - (to - from), EARLIEST_MS), to: from };
  return { slices: [previous, window], whole: false, asked: 'last' };
}

export type Direction = 'asc' | 'desc';

/** The direction of the order: `desc` where none is named. */
export function planDirection({ direction }: Query): Direction {
  const asked = direction || 'desc';
  if (asked !== 'asc' && asked !== 'desc') throw unknownName('direction', asked, ['asc', 'desc']);
  return asked;
}

/** Refuses an answer of more than 10,000 values. */
export function checkSize(groups: number, points: number, metrics: number): void {
  const values = groups * points * metrics;
  if (values <= MAX_VALUES) return;
  const parts = `${groups} groups × ${points} points × ${metrics} metrics`;
  throw new InvalidQuery(
    `${parts} are ${values} values, over the 10,000 that a query may have: ask for a longer interval, a smaller limit, ` +
      'fewer metrics or a shorter window',
  );
}
