import { buckets, finestInterval } from './buckets.js';
import { candidateGroups } from './candidate-groups.js';
import { contrast } from './contrast.js';
import { distribution, punchcard } from './distribution.js';
import { type Cell, shown, type ShownCell } from './dimensions.js';
import { type Fraction, minus, ratio, toNumber } from './fraction.js';
import { interval, SHARES } from './interval.js';
import { hasRows, metricValue } from './metrics.js';
import { compareCells, compareOrder, lacksValue, nullsLast, sortText } from './order.js';
import { NOT_SHOWN, remainders } from './remainder.js';
import type { Scope } from './rows.js';
import { sessionsList } from './sessions-list.js';
import type { Question, Window, World } from './types.js';
import { isLongerThanWeek, sameWeekdays } from './usual.js';

export interface Settings {
  postHandoffMs: number;
  now: number;
  /** for a viewer of totals: a number over fewer people is not shown; 0: all are. Absent for who sees single runs, too */
  leastPeople?: number;
  /** the viewer may see nothing: every number is unknown */
  seesNothing?: boolean;
  /** an alert rule asks: unknown values of groups are left out of a total */
  forAlert?: boolean;
}

export interface Group {
  cells: ShownCell[];
  /** metric -> its value over the whole window (in a series: per point) */
  values: Map<string, (number | null)[]>;
  /** over the whole window */
  whole: Map<string, number | null>;
  previous: Map<string, number | null>;
  change: Map<string, number | null>;
  /** of each share the ends of its interval over the window */
  intervals: Map<string, [low: number, high: number] | null>;
  /** the points of `trend` */
  trend: (number | null)[];
}

export type Answer =
  | { view: 'total' | 'series' | 'table'; times: number[]; ends: number[]; groups: Group[]; matching: number }
  | { view: 'sessions'; rows: Record<string, string | number | boolean | null>[]; matching: number }
  | { view: 'rows'; columns: string[]; rows: Record<string, string | number | null>[] }
  | { view: 'contrast'; rows: Record<string, string | number | null>[] }
  | { view: 'refused'; reason: string };

const MAX_VALUES = 10_000;
/** So many times of up to 51 bins. */
const MOST_CELLS_OVER_TIME = Math.floor(MAX_VALUES / 51);

/** What the definitions answer to a question about a world; an automatic interval gives at most `mostPoints`. */
export function answer(world: World, question: Question, settings: Settings, mostPoints = Infinity): Answer {
  const { query, window, timezone } = question;
  const scope: Scope = { world, window, timezone, filters: query.filters ?? {}, group: [], ...settings };
  if (query.view === 'sessions') return sessionsList(scope, query);
  if (query.view === 'contrast') return contrast(scope, query, settings.seesNothing ?? false);
  if (query.view === 'distribution') {
    const points = query.interval ? seriesPoints(question, MOST_CELLS_OVER_TIME) : [];
    return distribution(scope, query, points, settings.seesNothing ?? false);
  }
  if (query.view === 'punchcard') return punchcard(scope, query, settings.seesNothing ?? false);

  const metrics = query.metrics!;
  if (settings.forAlert && (query.sparkline || query.trend || query.bounds)) {
    return { view: 'refused', reason: 'an alert rule draws nothing' };
  }
  if (query.intervals && !metrics.some((id) => SHARES.includes(id))) {
    return { view: 'refused', reason: 'no metric has an interval' };
  }
  const earlier = earlierWindow(question);
  const isKept = earlier !== null && world.firstEventAt !== null && earlier.from >= world.firstEventAt;
  const drawn = query.sparkline || query.trend ? seriesPoints(question, 60) : [];
  const points = query.view === 'series' ? seriesPoints(question, mostPoints) : query.sparkline ? drawn : [window];
  const direction = query.direction === 'asc' ? 1 : -1;
  const orderBy = query.orderBy ?? metrics[0]!;
  const isLong = (over: Window): boolean => isLongerThanWeek(over, timezone);
  if (query.orderBy === 'cost_to_usual' && isLong(window)) return { view: 'refused', reason: 'more than 7 days' };
  if (metrics.includes('cost_to_usual') && [...points, ...(earlier ? [earlier] : [])].some(isLong)) {
    return { view: 'refused', reason: 'more than 7 days' };
  }

  const all = candidateGroups(scope, metrics, query.groupBy ?? [], timezone);
  const rest = remainders(scope, all);
  // in a series of several points the whole window only sorts
  const isDrawn = (over: Window): boolean => over !== window || query.view !== 'series' || points.length === 1;
  const byRuns =
    metrics.includes('tool_calls_per_run') || orderBy === 'tool_calls_per_run' ? (query.groupBy ?? []) : [];
  const restOfRuns = remainders(scope, candidateGroups(scope, ['runs'], byRuns.filter(isOfRuns), timezone));
  const foldedIn = (metric: string, over: Window, group: Cell[]): boolean => {
    if (metric !== 'tool_calls_per_run') return rest(metric, over)?.folded.includes(group) ?? false;
    const key = keyOf(group.filter(({ dimension }) => isOfRuns(dimension)));
    const isFoldedRuns = restOfRuns('runs', over)?.folded.some((one) => keyOf(one) === key) ?? false;
    return isFoldedRuns || foldedIn('tool_calls', over, group);
  };
  const isFolded = (metric: string, over: Window, group: Cell[]): boolean =>
    isDrawn(over) && foldedIn(metric, over, group);
  const candidates = all.map((group) => {
    const at = (metric: string, over: Window): Fraction | null =>
      settings.seesNothing || isFolded(metric, over, group)
        ? null
        : metricValue(metric, { ...scope, window: over, group });
    const exact = metrics.map((metric) => ({
      metric,
      whole: at(metric, window),
      points:
        query.view === 'series' || query.sparkline ? points.map((point) => at(metric, point)) : [at(metric, window)],
      earlier: earlier ? at(metric, earlier) : null,
    }));
    const trend = query.trend ? drawn.map((point) => plain(at(query.trend!, point))) : [];
    const windows = [window, ...points, ...(earlier ? [earlier] : [])];
    const isThere = windows.some((over) =>
      metrics.some((metric) => hasRows(metric, { ...scope, window: over, group }) && !isFolded(metric, over, group)),
    );
    const cells = group.map((cell) => shown(world, cell, settings.leastPeople));
    const orderCell = cells.find((cell) => cell.dimension === orderBy);
    return {
      exact,
      trend,
      cells,
      shown: group.length === 0 || isThere,
      order: orderCell ? sortText(orderCell) : at(orderBy, window),
    };
  });

  const ordered = candidates
    .filter((group) => group.shown)
    .sort(
      (a, b) =>
        Number(lacksValue(a.cells)) - Number(lacksValue(b.cells)) ||
        nullsLast(a.order, b.order) ||
        direction * compareOrder(a.order, b.order) ||
        compareCells(a.cells, b.cells),
    );
  const offset = query.offset ?? 0;
  const limit = query.limit ?? (query.view === 'total' ? Infinity : 50);
  const page = ordered.slice(offset, offset + limit);
  const perPoint = Math.max(page.length, 1) * metrics.length;
  const values = perPoint * points.length;
  if (values > MAX_VALUES) {
    const most = Math.floor(MAX_VALUES / perPoint);
    const isAuto = (query.interval ?? 'auto') === 'auto' && query.view === 'series';
    if (isAuto && most < mostPoints) return answer(world, question, settings, most);
    return { view: 'refused', reason: `${values} values` };
  }
  const groups = page.map(({ exact, cells, trend }) => ({
    cells,
    trend,
    intervals: new Map(exact.map((one) => [one.metric, interval(one.whole)])),
    whole: new Map(exact.map((one) => [one.metric, plain(one.whole)])),
    values: new Map(exact.map((one) => [one.metric, one.points.map(plain)])),
    previous: new Map(exact.map((one) => [one.metric, plain(one.earlier)])),
    change: new Map(exact.map((one) => [one.metric, isKept ? plain(changeOf(one)) : null])),
  }));
  const drawnIn = query.view === 'series' ? points : [window, ...(earlier ? [earlier] : [])];
  if (metrics.some((metric) => drawnIn.some((over) => rest(metric, over)?.isShown))) {
    const hides = metrics.filter((metric) => drawnIn.some((over) => rest(metric, over)?.hides));
    const exactOf = (metric: string, over: Window): Fraction | null =>
      hides.includes(metric) ? rest(metric, over)!.value : null;
    const valueOf = (metric: string, over: Window): number | null => plain(exactOf(metric, over));
    const valuesOf = (over: Window): Map<string, number | null> =>
      new Map(metrics.map((metric) => [metric, valueOf(metric, over)]));
    const ofPoints = query.view === 'series' ? points : [window];
    groups.push({
      cells: query.groupBy!.map((dimension) => ({ dimension, id: NOT_SHOWN, name: NOT_SHOWN })),
      trend: [],
      intervals: new Map(metrics.map((metric) => [metric, interval(exactOf(metric, window))])),
      whole: valuesOf(window),
      values: new Map(metrics.map((metric) => [metric, ofPoints.map((over) => valueOf(metric, over))])),
      previous: earlier ? valuesOf(earlier) : new Map(metrics.map((metric) => [metric, null])),
      change: new Map(metrics.map((metric) => [metric, null])),
    });
  }
  const isToldUnknown = !settings.forAlert || query.view !== 'total' || !query.groupBy;
  const told = isToldUnknown ? groups : groups.filter(hasKnown);
  const [times, ends] = [points.map(({ from }) => from), points.map(({ to }) => to)];
  return { view: query.view, times, ends, groups: told, matching: ordered.length };
}

/** Takes the unknown values away, and says whether any are left. */
function hasKnown({ values, previous }: Group): boolean {
  for (const [metric, found] of values) {
    if (found.every((value) => value === null) && previous.get(metric) === null) values.delete(metric);
  }
  return values.size > 0;
}

function seriesPoints({ query, window, timezone }: Question, most: number): Window[] {
  const asked = query.interval ?? 'auto';
  const interval =
    asked === 'auto' ? finestInterval(window, Math.min(query.maxDataPoints ?? 600, most), timezone) : asked;
  return buckets(window, interval, timezone);
}

const isOfRuns = (dimension: string): boolean => dimension !== 'tool';
const keyOf = (group: Cell[]): string => JSON.stringify(group.map(({ value }) => value));
const plain = (value: Fraction | null): number | null => (value === null ? null : toNumber(value));

/** Shares in points, other ratios as the difference, all else relative to the earlier value. */
function changeOf({ metric, whole: now, earlier }: Compared): Fraction | null {
  if (now === null || earlier === null || earlier.n === 0n) return null;
  const difference = minus(now, earlier);
  if (metric === 'input_output_ratio') return difference;
  return RATIOS.test(metric) ? { n: difference.n * 100n, d: difference.d } : ratio(difference, earlier);
}

interface Compared {
  metric: string;
  whole: Fraction | null;
  earlier: Fraction | null;
}

/** The metrics whose unit is a ratio, shown as percent. */
const RATIOS = /_(rate|share|coverage|ratio|partly_known|to_usual)$/;

function earlierWindow({ query, window, timezone }: Question): Window | null {
  if (query.compare === 'same_weekdays') return sameWeekdays(window, timezone);
  const length = window.to - window.from;
  return query.compare === 'previous' ? { from: window.from - length, to: window.from } : null;
}
