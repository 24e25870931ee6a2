import type { Direction, Rows } from './rows.js';
import {
  findMetric,
  METRICS,
  neededGroups,
  takes,
  type Dimension,
  type DimensionName,
  type Metric,
} from '../catalogue/index.js';
import type { Query } from '../contract/query.js';
import { checkZone, cutWindow, INTERVALS, MAX_VALUES, type Interval, type Window } from './buckets.js';
import type { Settings } from './context.js';
import { dimensionOf, type Filter } from './filters.js';
import { InvalidQuery, unknownName } from './invalid.js';
import type { Question } from './question.js';
import { checkLists } from './visibility.js';
import type { Earlier } from './compare.js';
import type { Cut } from './cut.js';
import { isNoZone } from './zone.js';

const DEFAULT_POINTS = 600;

/** The rows that a list shows. Refuses unknown zones, empty windows, and viewers who may not see lists. */
export function planRows(question: Question, settings: Settings): Rows {
  checkLists(settings.scope);
  return readRows(question, settings);
}

/** The rows that a question's numbers are about; `checkNumbers` says whether the viewer may see them. */
export function readRows(question: Question, settings: Settings): Rows {
  return {
    window: planWindow(question),
    timezone: planZone(question, settings),
    filters: question.filters,
    given: question.filters,
    scope: settings.scope,
    postHandoffMs: settings.postHandoffMs,
  };
}

function planWindow({ from, to }: Question): Window {
  if (from == null || to == null) {
    throw new InvalidQuery('from and to are needed, in epoch milliseconds, on the request or on the query');
  }
  if (from >= to) throw new InvalidQuery(`from (${from}) must lie before to (${to})`);
  return { from, to };
}

function planZone({ timezone }: Question, settings: Settings): string {
  const zone = timezone && !isNoZone(timezone) ? timezone : settings.timezone;
  checkZone(zone);
  return zone;
}

/** The dimensions that rows are grouped by: at most two. */
export function planGroups({ groupBy }: Question): Dimension[] {
  const groups = (groupBy ?? []).map(dimensionOf);
  if (groups.length > 2) throw new InvalidQuery(`groupBy takes at most two dimensions, not ${groups.length}`);
  return groups;
}

/** The metrics of a query, checked to take its groups and filters. */
export function planMetrics(query: Question, groups: readonly Dimension[], filters: readonly Filter[]): Metric[] {
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

/** Refuses a grouping or filter that the metric does not take, and a metric without the grouping it needs. */
export function checkTakes(metric: Metric, groups: readonly Dimension[], filters: readonly Filter[]): void {
  const taken = takes(metric);
  for (const { name } of groups) {
    if (!taken.groups.includes(name)) throw notTaken(metric, 'grouping', name, taken.groups);
  }
  for (const { dimension } of filters) {
    if (!taken.filters.includes(dimension.name)) throw notTaken(metric, 'filter', dimension.name, taken.filters);
  }
  const needed = neededGroups(metric);
  if (needed.length > 0 && !groups.some(({ name }) => needed.includes(name))) {
    const each = needed.map((name) => `["${name}"]`).join(' or ');
    throw new InvalidQuery(`metric ${metric.id} needs groupBy ${each}`);
  }
}

/** Refuses to ask for another time than now. */
export function checkLive({ id, live }: Metric, { view, compare, interval, version }: Question): void {
  if (!live) return;
  // the editor keeps the interval of another view
  const other = view === 'series' ? 'series' : compare ? 'compare' : interval && version == null ? 'an interval' : null;
  if (other !== null) throw new InvalidQuery(`metric ${id} is as of now, whatever the window: it takes no ${other}`);
}

function notTaken(metric: Metric, what: string, name: string, taken: readonly DimensionName[]): InvalidQuery {
  const list = taken.length > 0 ? `it takes ${taken.join(', ')}` : 'it takes none';
  return new InvalidQuery(`metric ${metric.id} does not take the ${what} ${name}: ${list}`);
}

/** The window cut into the points of a series, each with `values` values; `auto` keeps within an answer's limit. */
export function planBuckets(
  query: Question,
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

/** The window as one slice; with `compare` preceded by the earlier one, which need not adjoin it. */
export function planCut({ window }: Rows, earlier: Earlier | null): Cut {
  if (earlier === null) return { slices: [window], whole: false, asked: 'all' };
  return { slices: [earlier.window, window], whole: false, asked: 'last' };
}

/** The sort direction; default `desc`. */
export function planDirection({ direction }: Pick<Query, 'direction'>): Direction {
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
