import type { BudgetState } from '../../catalogue/budget-states.js';
import { divideHalfEven } from '../../pricing/cost.js';
import type { Window } from '../buckets.js';
import type { Budget } from './budget.js';
import type { Cost } from './measured-costs.js';
import type { Weighed } from './usual.js';

/** In the first hour of a period it says nothing of the rest, where no week of the past does. */
const LEAST_ELAPSED_MS = 3_600_000;

/** The share of the limit as the state of a budget; null: what was spent is unknown. Pure, as all here. */
export function stateOf(use: number | null, thresholds: readonly number[]): BudgetState | null {
  if (use === null) return null;
  if (use >= 1) return 'over';
  const below = thresholds.filter((share) => share < 1);
  if (below.length > 1 && use >= below.at(-1)!) return 'near';
  return below.length > 0 && use >= below[0]! ? 'warn' : 'ok';
}

/** What will have been spent at the period's end; null: unknown. `usual` holds the costs of what is usual until then. */
export function projectedBy(
  spent: Cost,
  { period, now, usual }: { period: Window; now: number; usual: readonly (Weighed & { cost: Cost })[] | null },
): Cost {
  if (spent === null) return null;
  if (usual === null) {
    const elapsed = now - period.from;
    return elapsed < LEAST_ELAPSED_MS ? null : divideHalfEven(spent * BigInt(period.to - period.from), BigInt(elapsed));
  }
  const to = usual.reduce((sum, { cost, times, per }) => plus(sum, [(cost ?? 0n) * BigInt(times), BigInt(per)]), ZERO);
  const [n, d] = plus([spent, 1n], to);
  return divideHalfEven(n, d);
}

/** A stretch of the time to come, and its usual cost as a fraction of nano-US-dollars. */
export interface Ahead extends Window {
  readonly usual: Fraction;
}

/** The first instant (whole ms) at which what was spent and is usual from then on reaches the limit; null: not before the end. */
export function reachedIn(ahead: Iterable<Ahead>, spent: bigint, limit: bigint): number | null {
  let left: Fraction = [limit - spent, 1n];
  for (const { from, to, usual } of ahead) {
    const [n, d] = plus(left, [-usual[0], usual[1]]);
    if (n <= 0n) {
      // part of the stretch: left ÷ usual
      const [top, bottom] = [left[0] * usual[1] * BigInt(to - from), left[1] * usual[0]];
      return from + Number((top + bottom - 1n) / bottom);
    }
    left = [n, d];
  }
  return null;
}

/** The same where no week of the past says what is usual: as it went until now. */
export function reachedAtPace(spent: bigint, { limitNanos }: Pick<Budget, 'limitNanos'>, period: Window, now: number) {
  const elapsed = BigInt(now - period.from);
  return period.from + Number((elapsed * limitNanos + spent - 1n) / spent);
}

export type Fraction = readonly [numerator: bigint, denominator: bigint];
export const ZERO: Fraction = [0n, 1n];

export function plus([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return b === d ? [a + c, b] : [a * d + c * b, b * d];
}
