import { minimumGroupSize } from '../access/viewer-scope.js';
import { runs } from '../catalogue/bases/runs.js';
import { usdOf } from '../catalogue/exact.js';
import type { Measure } from '../catalogue/measure.js';
import type { Window } from './buckets.js';
import { planEarlier } from './compare.js';
import type { QuestionContext } from './context.js';
import { evaluate } from './evaluate.js';
import { eventTimes } from './event-times.js';
import { dimensionOf, type Filter } from './filters.js';
import { WHOLE, type Grid } from './grid.js';
import type { Rows } from './rows.js';
import type { DearBy } from './statements/dear-sessions.js';

/** With fewer runs in either window nothing is compared. */
export const FEWEST_RUNS = 20;

/** A window and that of the same weekdays before it; in grids slice 0 is the earlier one, 1 this one. */
export interface BothWindows {
  readonly earlier: Window;
  /** `against the same weekdays 5 weeks before` */
  readonly comparedWith: string;
  /** both have 20 runs, and the earlier one does not begin before the first event */
  readonly areComparable: boolean;
  readonly totals: Grid;
  /** by person; null where numbers over few people are hidden */
  readonly byUser: Grid | null;
}

/** What headline and findings read, so that both ask the same. */
const MEASURES = [
  runs.runs,
  runs.terminal_runs,
  runs.succeeded_runs,
  runs.cost_nanos,
  runs.unsuccessful_runs,
  runs.unsuccessful_cost_nanos,
  runs.terminal_runs_with_cost,
] as const;

/** Reads both windows in one statement: by person, where measures add up. */
export async function readBothWindows(context: QuestionContext, rows: Rows): Promise<BothWindows> {
  const { first } = await eventTimes(context);
  const { window: earlier, words: comparedWith } = planEarlier({ compare: 'same_weekdays' }, rows)!;
  const cut = { slices: [earlier, rows.window], whole: false, asked: 'last' } as const;
  const asked = { values: [], extraMeasures: MEASURES, rows, cut, isShared: true };
  // people of groups do not add up
  const adds = minimumGroupSize(context.scope) === 0;
  const grid = await evaluate(context, { ...asked, groups: adds ? [dimensionOf('user')] : [] });
  const totals = adds ? grid.rolledUp([]) : grid;
  const isEnough = (slice: number): boolean => {
    const [all] = totals.groups;
    const isTold = totals.isTold({ base: 'runs' }, all!, slice);
    return isTold && Number(totals.measure(runs.runs, all!, slice)) >= FEWEST_RUNS;
  };
  const areComparable = first !== null && earlier.from >= first && isEnough(0) && isEnough(1);
  return { earlier, comparedWith, areComparable, totals, byUser: adds ? grid : null };
}

/** A sum of money in the window, in US dollars; null: unknown. */
export function moneyOf(grid: Grid, measure: Measure<'runs'>, group = grid.groups[0]!, slice = WHOLE): number | null {
  const value = grid.measure(measure, group, slice);
  return typeof value === 'bigint' ? usdOf(String(value)) : null;
}

/** The filter to the people who have so much of one of the measures in the window; null: nobody. What has as much must be theirs. */
export function thoseWith(by: readonly DearBy[], byUser: Grid): Filter | null {
  const ids = byUser.groups.flatMap((group) => {
    const isOne = by.some(({ measure, least }) => {
      const value = byUser.measure(measure, group, WHOLE);
      return typeof value === 'bigint' && value >= least;
    });
    return isOne ? [group.key[0]!] : [];
  });
  if (ids.length === 0) return null;
  const values = ids.filter((id) => id !== null);
  return { dimension: dimensionOf('user'), values, none: values.length < ids.length, negated: false };
}
