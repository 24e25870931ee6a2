import type { Window } from '../buckets.js';
import { instantBefore } from '../weeks.js';
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

/** A stretch of the past whose costs are those of `times` ÷ `per` as much time to come. */
export interface Weighed extends Window {
  readonly times: number;
  readonly per: number;
}

/**
 * What is usual from `now` to the period's end (definitions.md, Live and budgets), as a sum over the past: each local hour
 * counts as often as its hour of the week is still to come, divided by the weeks, and by its length where it was there more
 * than once. Neighbours that count alike are one. Pure.
 */
export function usualUntil(end: number, { now, weeks, zone }: Past): Weighed[] {
  const ahead = new Map<number, number>();
  for (const { from, to, ofWeek } of localHours({ from: now, to: end }, zone)) {
    ahead.set(ofWeek, (ahead.get(ofWeek) ?? 0) + to - from);
  }
  const weighed: Weighed[] = [];
  for (const hour of hoursOfUsual({ now, weeks, zone })) {
    const times = ahead.get(hour.ofWeek) ?? 0;
    const last = weighed.at(-1);
    if (times === 0) continue;
    const { from, to, per } = hour;
    if (last?.to === from && last.times === times && last.per === per) weighed[weighed.length - 1] = { ...last, to };
    else weighed.push({ from, to, times, per });
  }
  return weighed;
}

export interface Past {
  readonly now: number;
  readonly weeks: number;
  readonly zone: string;
}

/** The local hours of the weeks that say what is usual; a whole hour's usual is the sum of their costs × 1 h ÷ `per`. */
export function hoursOfUsual({ now, weeks, zone }: Past): (LocalHour & { readonly per: number })[] {
  if (weeks === 0) return [];
  const hours = localHours(daysBefore(now, weeks * 7, zone), zone);
  const lengths = new Map<number, number>();
  for (const { local, from, to } of hours) lengths.set(local, (lengths.get(local) ?? 0) + to - from);
  return hours.map((hour) => ({ ...hour, per: weeks * Math.max(lengths.get(hour.local)!, HOUR_MS) }));
}
