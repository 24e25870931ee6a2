import type { Window } from '../buckets.js';
import { instantBefore } from '../weeks.js';
import type { Stretches } from './cost-slices.js';
import { daysBefore, localHours, type LocalHour } from './periods.js';

const HOUR_MS = 3_600_000;
const MOST_WEEKS = 4;

/** How many whole weeks of the past say what is usual: at most 4, none before the first event (epoch ms). */
export function weeksOfUsual(now: number, first: number | null, zone: string): number {
  if (first === null) return 0;
  let weeks = 0;
  while (weeks < MOST_WEEKS && instantBefore(now, weeks + 1, zone) >= first) weeks += 1;
  return weeks;
}

export interface Past {
  readonly now: number;
  readonly weeks: number;
  readonly zone: string;
}

/** What is usual in one ms of each hour of the week, as sums over the past: their costs × `weight` ÷ `per`. */
export interface Usual {
  readonly hours: readonly UsualHours[];
  readonly per: bigint;
}

/** Hours of the past that count alike. */
export interface UsualHours {
  /** one hour of the week that they say something of; those of others count as often */
  readonly ofWeek: number;
  readonly weight: bigint;
  readonly stretches: Stretches;
}

/**
 * What is usual (definitions.md, Live and budgets). `alike` says which hours of the week need not be told apart, by a name, and
 * which are not wanted, by null.
 */
export function usualOf(past: Past, alike: (ofWeek: number) => string | null): Usual {
  const found = new Map<string, { ofWeek: number; length: bigint; stretches: Window[] }>();
  for (const { from, to, ofWeek, length } of hoursOfUsual(past)) {
    const name = alike(ofWeek);
    if (name === null) continue;
    const key = `${length} ${name}`;
    const stretches = found.get(key)?.stretches ?? [];
    found.set(key, { ofWeek, length: BigInt(length), stretches });
    const last = stretches.at(-1);
    if (last?.to === from) stretches[stretches.length - 1] = { from: last.from, to };
    else stretches.push({ from, to });
  }
  const hours = [...found.values()];
  const whole = hours.reduce((product, { length }) => leastCommonMultiple(product, length), 1n);
  return {
    hours: hours.map(({ ofWeek, length, stretches }) => ({ ofWeek, weight: whole / length, stretches })),
    per: whole * BigInt(past.weeks),
  };
}

function leastCommonMultiple(one: bigint, other: bigint): bigint {
  let [a, b] = [one, other];
  while (b > 0n) [a, b] = [b, a % b];
  return (one / a) * other;
}

/** The local hours of the weeks that say what is usual, and how long each was, where it was there more than once. */
function hoursOfUsual({ now, weeks, zone }: Past): (LocalHour & { readonly length: number })[] {
  if (weeks === 0) return [];
  const hours = localHours(daysBefore(now, weeks * 7, zone), zone);
  const lengths = new Map<number, number>();
  for (const { local, from, to } of hours) lengths.set(local, (lengths.get(local) ?? 0) + to - from);
  return hours.map((hour) => ({ ...hour, length: Math.max(lengths.get(hour.local)!, HOUR_MS) }));
}

/** How long each hour of the week is in the time to come, in ms. */
export function lengthsOf(ahead: readonly LocalHour[]): Map<number, number> {
  const lengths = new Map<number, number>();
  for (const { from, to, ofWeek } of ahead) lengths.set(ofWeek, (lengths.get(ofWeek) ?? 0) + to - from);
  return lengths;
}
