import { minimumGroupSize } from '../access/viewer-scope.js';
import { runs } from '../catalogue/bases/runs.js';
import { NANOS_PER_USD, usdOf } from '../catalogue/exact.js';
import type { Measure } from '../catalogue/measure.js';
import type { QuestionContext } from './context.js';
import { evaluate } from './evaluate.js';
import { eventTimes } from './event-times.js';
import { dimensionOf, type Filter } from './filters.js';
import { WHOLE, type Grid } from './grid.js';
import { OUTCOME, OUTCOME_MEASURES } from './outcomes.js';
import type { Rows } from './rows.js';
import { sameWeekdays } from './weeks.js';

/** With fewer runs in either window nothing is compared. */
export const FEWEST_RUNS = 20;

/** A window and that of the same weekdays before it; in grids slice 0 is the earlier one, 1 this one. */
export interface BothWindows {
  readonly earlier: ReturnType<typeof sameWeekdays>;
  /** both have 20 runs, and the earlier one does not begin before the first event */
  readonly areComparable: boolean;
  readonly totals: Grid;
  /** by `OUTCOME` */
  readonly byOutcome: Grid;
  /** by person; null where numbers over few people are hidden */
  readonly byUser: Grid | null;
}

/** Reads both windows: these measures, and those that outcomes are told by. In one statement, if it can be. */
export async function readBothWindows(
  context: QuestionContext,
  rows: Rows,
  measures: readonly Measure<'runs'>[],
): Promise<BothWindows> {
  const { first } = await eventTimes(context);
  const earlier = sameWeekdays(rows.window, rows.timezone);
  const cut = { slices: [earlier, rows.window], whole: false, asked: 'last' } as const;
  const extraMeasures = [...OUTCOME_MEASURES, ...measures];
  const read = (names: readonly string[]): Promise<Grid> =>
    evaluate(context, { values: [], extraMeasures, groups: names.map(dimensionOf), rows, cut });
  const grids = await (minimumGroupSize(context.scope) > 0 ? readApart(read) : readAtOnce(read));
  const isEnough = (slice: number): boolean => {
    const [all] = grids.totals.groups;
    const isTold = grids.totals.isTold({ base: 'runs' }, all!, slice);
    return isTold && Number(grids.totals.measure(runs.runs, all!, slice)) >= FEWEST_RUNS;
  };
  const areComparable = first !== null && earlier.from >= first && isEnough(0) && isEnough(1);
  return { earlier, areComparable, ...grids };
}

type Grids = Pick<BothWindows, 'totals' | 'byOutcome' | 'byUser'>;

async function readAtOnce(read: (names: readonly string[]) => Promise<Grid>): Promise<Grids> {
  const all = await read(['user', ...OUTCOME]);
  return { totals: all.rolledUp([]), byOutcome: all.rolledUp(OUTCOME), byUser: all.rolledUp(['user']) };
}

/** People of groups do not add up. */
async function readApart(read: (names: readonly string[]) => Promise<Grid>): Promise<Grids> {
  return { totals: await read([]), byOutcome: await read(OUTCOME), byUser: null };
}

/** A sum of money in the window, in US dollars; null: unknown. */
export function moneyOf(grid: Grid, measure: Measure<'runs'>, group = grid.groups[0]!, slice = WHOLE): number | null {
  const value = grid.measure(measure, group, slice);
  return typeof value === 'bigint' ? usdOf(String(value)) : null;
}

/**
 * The filter to the people who have at least so much of a measure of money in the window, in US dollars; null: nobody. What
 * has as much must be theirs.
 */
export function thoseWith(least: number, measure: Measure<'runs'>, byUser: Grid): Filter | null {
  const nanos = BigInt(Math.round(least * Number(NANOS_PER_USD)));
  const ids = byUser.groups.flatMap((group) => {
    const value = byUser.measure(measure, group, WHOLE);
    return typeof value === 'bigint' && value >= nanos ? [group.key[0]!] : [];
  });
  if (ids.length === 0) return null;
  const values = ids.filter((id) => id !== null);
  return { dimension: dimensionOf('user'), values, none: values.length < ids.length, negated: false };
}
