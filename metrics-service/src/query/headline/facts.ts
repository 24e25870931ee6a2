import costCoverage from '../../catalogue/metrics/cost_coverage.js';
import runs from '../../catalogue/metrics/runs.js';
import runSuccessRate from '../../catalogue/metrics/run_success_rate.js';
import succeededRuns from '../../catalogue/metrics/succeeded_runs.js';
import terminalRuns from '../../catalogue/metrics/terminal_runs.js';
import totalCost from '../../catalogue/metrics/total_cost.js';
import unsuccessfulCost from '../../catalogue/metrics/unsuccessful_cost.js';
import type { Metric } from '../../catalogue/index.js';
import { readBothWindows, type BothWindows } from '../both-windows.js';
import type { QuestionContext } from '../context.js';
import type { Grid } from '../grid.js';
import type { Rows } from '../rows.js';

const ASKED = { runs, terminalRuns, succeededRuns, runSuccessRate, totalCost, unsuccessfulCost, costCoverage };

/** The numbers of a window; null: unknown, or about too few people to be shown. */
export type Numbers = Readonly<Record<keyof typeof ASKED, number | null>>;

export interface Facts {
  readonly rows: Rows;
  readonly both: BothWindows;
  readonly now: Numbers;
  /** the same weekdays before; null if these are not to be compared */
  readonly before: Numbers | null;
}

/** The numbers of the window and of the same weekdays before it. */
export async function readFacts(context: QuestionContext, rows: Rows): Promise<Facts> {
  const both = await readBothWindows(context, rows);
  const before = both.areComparable ? numbersOf(both.totals, 0) : null;
  return { rows, both, now: numbersOf(both.totals, 1), before };
}

function numbersOf(totals: Grid, slice: number): Numbers {
  const valueOf = ({ value }: Metric) => totals.value(value, totals.groups[0]!, slice);
  return Object.fromEntries(Object.entries(ASKED).map(([name, metric]) => [name, valueOf(metric)])) as Numbers;
}
