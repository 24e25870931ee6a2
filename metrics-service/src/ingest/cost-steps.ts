import { KEPT_MS } from '../entities/usage.js';
import type { Value } from './statements.js';
import type { Told } from './usage-told.js';

/** What a run's calls of one moment cost (epoch ms, nano-US-dollars); the first one stands for all before. */
export interface SpentAt {
  readonly atMs: number;
  readonly nanos: bigint;
}

export interface Spending {
  /** in order of time */
  readonly calls: readonly SpentAt[];
  readonly told: readonly Told[] | 'unknown' | null;
  /** when anything was last told of, and heard of, which is no later than it was received: ISO 8601 */
  readonly spentAt: string | null;
  readonly heardAt: string | null;
  readonly costOf: (usage: Value) => bigint | null;
}

/** More are not kept. */
const MOST_STEPS = 300;
const MAX_BIGINT = 2n ** 63n - 1n;

/**
 * What a run in flight cost by what was told of up to each moment since eleven minutes before the last one: times and
 * nano-US-dollars, as PostgreSQL writes arrays. Of calls and usage the calls count, once there are any. Null where it is not
 * known here, something lies ahead of the clock, or there are too many: then the log is asked. Pure.
 */
export function costSteps({
  calls,
  told,
  spentAt,
  heardAt,
  costOf,
}: Spending): { times: string; nanos: string } | null {
  if (spentAt === null || heardAt === null) return null;
  const usages = told === 'unknown' ? [] : (told ?? []);
  const until = Math.max(Date.parse(spentAt), calls.at(-1)?.atMs ?? 0, usages.at(-1)?.at ?? 0);
  if (until > Date.parse(heardAt)) return null;
  const since = until - KEPT_MS;
  // nobody knows whether there was usage before the calls
  if (told === 'unknown' && !(calls.length > 0 && calls[0]!.atMs <= since)) return null;
  const moments = [...calls.map(({ atMs }) => atMs), ...usages.map(({ at }) => at)].filter((at) => at > since);
  const times = [...new Set([since, ...moments, until])].sort((a, b) => a - b);
  if (times.length > MOST_STEPS) return null;
  const nanos = stepsOf(calls, usages, costOf, times);
  if (nanos.some((cost) => cost > MAX_BIGINT)) return null;
  return { times: `{${times.map((ms) => new Date(ms).toISOString()).join(',')}}`, nanos: `{${nanos.join(',')}}` };
}

function stepsOf(
  calls: readonly SpentAt[],
  usages: readonly Told[],
  costOf: Spending['costOf'],
  times: readonly number[],
): bigint[] {
  let [made, reported] = [0, -1];
  let [spent, cost] = [0n, 0n];
  return times.map((time) => {
    while (made < calls.length && calls[made]!.atMs <= time) {
      spent += calls[made]!.nanos;
      made += 1;
    }
    if (made > 0) return spent;
    const last = usages.findLastIndex(({ at }) => at <= time);
    if (last !== reported) cost = costOf(usages[last]!.usage) ?? 0n;
    reported = last;
    return cost;
  });
}
