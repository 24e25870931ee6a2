import type { BudgetState } from '../../catalogue/budget-states.js';
import { divideHalfEven } from '../../pricing/cost.js';
import type { Window } from '../buckets.js';
import type { Cost } from './measured-costs.js';
import type { Usual } from './usual.js';

/** In the first hour of a period it says nothing of the rest, where no week of the past does. */
const LEAST_ELAPSED_MS = 3_600_000;

/** The share of the limit as the state of a budget; null: what was spent is unknown. Pure, as all here. */
export function stateOf(use: number | null, thresholds: readonly number[]): BudgetState | null {
  if (use === null) return null;
  if (use >= 1) return 'over';
  const { warn, near } = statesFrom(thresholds);
  if (near !== null && use >= near) return 'near';
  return warn !== null && use >= warn ? 'warn' : 'ok';
}

/** From which shares on a budget is `warn` and `near`, by its thresholds in order: those from the limit on say nothing. */
export function statesFrom(thresholds: readonly number[]): Record<'warn' | 'near', number | null> {
  const below = thresholds.filter((share) => share < 1);
  return { warn: below[0] ?? null, near: below.length > 1 ? below.at(-1)! : null };
}

/** What will have been spent at the period's end as it went until now; null: unknown. */
export function projectedAtPace(spent: Cost, { period, now }: { period: Window; now: number }): Cost {
  const elapsed = now - period.from;
  if (spent === null || elapsed < LEAST_ELAPSED_MS) return null;
  return divideHalfEven(spent * BigInt(period.to - period.from), BigInt(elapsed));
}

/** The same by what is usual: what its hours cost, and how long each of them is still to come, in ms. */
export function projectedBy(
  spent: Cost,
  { hours, per }: Usual,
  { costs, lengths }: { costs: readonly Cost[]; lengths: readonly bigint[] },
): Cost {
  if (spent === null) return null;
  let sum = spent * per;
  hours.forEach(({ weight }, at) => {
    const cost = costs[at] ?? 0n;
    if (cost !== 0n) sum += cost * weight * lengths[at]!;
  });
  return divideHalfEven(sum, per);
}
