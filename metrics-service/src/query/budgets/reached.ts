import type { Window } from '../buckets.js';
import type { Cost } from './measured-costs.js';
import type { LocalHour } from './periods.js';
import type { Usual } from './usual.js';

/** What is usual in one ms of each hour of the week, as nano-US-dollars × `per` of what is usual. */
export type Pace = ReadonlyMap<number, bigint>;

/** What is usual of some, by their costs in the hours of the past. Pure, as all here. */
export function paceOf({ hours }: Usual, costs: readonly Cost[]): Pace {
  const pace = new Map<number, bigint>();
  hours.forEach(({ ofWeek, weight }, at) => {
    const cost = costs[at] ?? 0n;
    if (cost !== 0n) pace.set(ofWeek, (pace.get(ofWeek) ?? 0n) + cost * weight);
  });
  return pace;
}

/**
 * The first instant (whole ms) at which what was spent and is usual from then on reaches the limit, in the hours ahead; null: not
 * before their end.
 */
export function reachedIn(
  ahead: readonly LocalHour[],
  { pace, per, spent, limit }: { pace: Pace; per: bigint; spent: bigint; limit: bigint },
): number | null {
  let left = (limit - spent) * per;
  for (const { from, to, ofWeek } of ahead) {
    const perMs = pace.get(ofWeek);
    if (perMs === undefined) continue;
    const after = left - perMs * BigInt(to - from);
    if (after <= 0n) return from + Number((left + perMs - 1n) / perMs);
    left = after;
  }
  return null;
}

/** The same where no week of the past says what is usual: as it went until now. */
export function reachedAtPace(
  { spent, limit }: { spent: bigint; limit: bigint },
  { period, now }: { period: Window; now: number },
): number {
  const elapsed = BigInt(now - period.from);
  return period.from + Number((elapsed * limit + spent - 1n) / spent);
}
