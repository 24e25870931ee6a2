import { showMoney } from '../../format/numbers.js';
import { changeInPercent, counted, percent } from '../figures.js';
import { changeOf } from '../change.js';
import { areCountsToldApart } from '../intervals.js';
import type { Sentence } from '../said.js';
import type { Facts, Numbers } from './facts.js';

/** Costs are compared where they are known for about the same share of the runs in both windows. */
const MOST_COVERAGE_DRIFT = 0.05;
/** Below this coverage it is said that the cost is a part of the whole. */
const WHOLE_COVERAGE = 0.95;

/**
 * How many runs, and what they cost: with the change of the number of runs where it is more than chance, and that of the
 * cost, which is a fact and no sign of anything.
 */
export function volume({ now, before, both }: Facts): Sentence[] {
  const runs = changeInPercent(before && changeOfRuns(before, now));
  const cost = changeInPercent(before && changeOfCost(before, now));
  const compared = (runs ?? cost) ? `, ${both.comparedWith}` : '';
  return [[`${counted(now.runs!, 'run')}${inBrackets(runs)}${costOf(now, cost)}${compared}.`]];
}

function inBrackets(change: string | null): string {
  return change === null ? '' : ` (${change})`;
}

function costOf({ totalCost, costCoverage }: Numbers, change: string | null): string {
  if (totalCost === null) return ' of unknown cost';
  const isPart = costCoverage !== null && costCoverage < WHOLE_COVERAGE;
  const known = isPart ? ` known, of ${percent(costCoverage)} of the ended runs` : '';
  return `, ${showMoney(totalCost)}${inBrackets(change)}${known}`;
}

function changeOfRuns({ runs: earlier }: Numbers, { runs: now }: Numbers): number | null {
  return earlier !== null && now !== null && areCountsToldApart(now, earlier) ? changeOf(earlier, now) : null;
}

function changeOfCost(before: Numbers, now: Numbers): number | null {
  const drift = Math.abs((now.costCoverage ?? NaN) - (before.costCoverage ?? NaN));
  return drift <= MOST_COVERAGE_DRIFT ? changeOf(before.totalCost, now.totalCost) : null;
}
