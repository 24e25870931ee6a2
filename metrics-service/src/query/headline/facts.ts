import { minimumGroupSize } from '../../access/viewer-scope.js';
import costCoverage from '../../catalogue/metrics/cost_coverage.js';
import runs from '../../catalogue/metrics/runs.js';
import runSuccessRate from '../../catalogue/metrics/run_success_rate.js';
import succeededRuns from '../../catalogue/metrics/succeeded_runs.js';
import terminalRuns from '../../catalogue/metrics/terminal_runs.js';
import totalCost from '../../catalogue/metrics/total_cost.js';
import unsuccessfulCost from '../../catalogue/metrics/unsuccessful_cost.js';
import type { Metric } from '../../catalogue/index.js';
import type { QuestionContext } from '../context.js';
import { evaluate } from '../evaluate.js';
import { eventTimes } from '../event-times.js';
import { dimensionOf } from '../filters.js';
import type { Grid } from '../grid.js';
import { OUTCOME, OUTCOME_MEASURES } from '../outcomes.js';
import type { Rows } from '../rows.js';
import { sameWeekdays } from '../weeks.js';

/** With fewer runs in either window nothing is compared, and in this one nothing else is said. */
export const FEWEST_RUNS = 20;

const ASKED = { runs, terminalRuns, succeededRuns, runSuccessRate, totalCost, unsuccessfulCost, costCoverage };
const VALUES = Object.values(ASKED).map(({ value }) => value);

/** The numbers of a window; null: unknown, or about too few people to be shown. */
export type Numbers = Readonly<Record<keyof typeof ASKED, number | null>>;

export interface Facts {
  readonly rows: Rows;
  readonly now: Numbers;
  /** the same weekdays before; null if these are not to be compared */
  readonly before: Numbers | null;
  readonly earlier: ReturnType<typeof sameWeekdays>;
  /** the runs of both windows by `OUTCOME` */
  readonly byOutcome: Grid;
}

/** The numbers of the window and of the same weekdays before it. */
export async function readFacts(context: QuestionContext, rows: Rows): Promise<Facts> {
  const { first } = await eventTimes(context);
  const earlier = sameWeekdays(rows.window, rows.timezone);
  const cut = { slices: [earlier, rows.window], whole: false, asked: 'last' } as const;
  const asked = { values: VALUES, extraMeasures: OUTCOME_MEASURES, rows, cut };
  const byOutcome = await evaluate(context, { ...asked, groups: OUTCOME.map(dimensionOf) });
  // people of groups do not add up
  const adds = minimumGroupSize(context.scope) === 0;
  const totals = adds ? byOutcome.rolledUp([]) : await evaluate(context, { ...asked, groups: [] });
  const [before, now] = [numbersOf(totals, 0), numbersOf(totals, 1)];
  const isComparable = first !== null && earlier.from >= first && isEnough(now) && isEnough(before);
  return { rows, now, before: isComparable ? before : null, earlier, byOutcome };
}

function numbersOf(totals: Grid, slice: number): Numbers {
  const valueOf = ({ value }: Metric) => totals.value(value, totals.groups[0]!, slice);
  return Object.fromEntries(Object.entries(ASKED).map(([name, metric]) => [name, valueOf(metric)])) as Numbers;
}

function isEnough({ runs: count }: Numbers): boolean {
  return count !== null && count >= FEWEST_RUNS;
}

/** Whether the filters choose runs by how they ended: then what did not succeed, and the rate, say nothing. */
export function isSomethingOfOutcome({ filters }: Rows): boolean {
  return filters.some(({ dimension: { name } }) => OF_OUTCOME.includes(name));
}

const OF_OUTCOME = ['status', 'failure_category', 'failure_fingerprint'];
