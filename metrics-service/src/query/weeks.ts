import { Temporal } from 'temporal-polyfill';
import type { Window } from './buckets.js';

const WEEK_MS = 7 * 86_400_000;

/**
 * Both ends of a window whole weeks earlier, as local date and time of the zone: a time that does not exist there is the
 * first one after it, of one that is there twice it is the first (definitions.md, Comparison).
 */
export function weeksBefore({ from, to }: Window, weeks: number, zone: string): Window {
  return { from: instantBefore(from, weeks, zone), to: instantBefore(to, weeks, zone) };
}

/**
 * The window to compare with by the same weekdays: the fewest whole weeks earlier that it does not reach into this one, and
 * how many these are.
 */
export function sameWeekdays(window: Window, zone: string): Window & { readonly weeks: number } {
  // a clock change moves an end by hours, never by a week
  let weeks = Math.max(1, Math.floor((window.to - window.from) / WEEK_MS) - 1);
  while (instantBefore(window.to, weeks, zone) > window.from) weeks += 1;
  return { ...weeksBefore(window, weeks, zone), weeks };
}

/** Whether the window does not reach into itself a week earlier: up to 7 days, by the clock of the zone or by length. */
export function isWithinWeek(window: Window, zone: string): boolean {
  return window.to - window.from <= WEEK_MS || instantBefore(window.to, 1, zone) <= window.from;
}

/** An instant as whole weeks earlier by the zone's clock. */
export function instantBefore(at: number, weeks: number, zone: string): number {
  if (zone === 'UTC') return at - weeks * WEEK_MS;
  const local = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .subtract({ weeks });
  const found = local.toZonedDateTime(zone, { disambiguation: 'compatible' });
  if (found.toPlainDateTime().equals(local)) return found.epochMilliseconds;
  // the clock skipped it: the skip itself is the last transition before what `compatible` answers
  return found.getTimeZoneTransition('previous')!.epochMilliseconds;
}
