import { Temporal } from 'temporal-polyfill';
import { InvalidQuery, unknownName } from './invalid.js';

/** The half-open interval [from, to) in epoch milliseconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export const INTERVALS = ['hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

/** At most this many values (groups × points × metrics) in an answer. */
export const MAX_VALUES = 10_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_MS: Record<Interval, number> = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, month: 31 * DAY_MS };
/** Clock changes make a few buckets longer; an estimate this far above a limit is certainly above it. */
const SLACK = 200;

/** Refuses names that are not IANA time zones; old aliases are accepted, offsets such as +02:00 are not. */
export function checkZone(zone: string): void {
  try {
    if (/^[+-]/.test(zone)) throw new RangeError('an offset');
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch {
    throw unknownName('timezone', zone, ['the IANA names, such as UTC, Europe/Vienna or Asia/Kolkata']);
  }
}

/**
 * Cuts the window into calendar buckets of the zone. `auto` takes the finest interval that gives at most
 * `maxPoints` points, else months. More than 10,000 points are refused before they are made.
 */
export function cutWindow(
  window: Window,
  asked: Interval | 'auto',
  zone: string,
  maxPoints: number,
): { interval: Interval; slices: Window[] } {
  const interval = asked === 'auto' ? finestInterval(window, zone, maxPoints) : asked;
  const starts = bucketStarts(window, interval, zone, MAX_VALUES);
  if (!starts) throw tooManyPoints(interval);
  return { interval, slices: starts.map((from, index) => ({ from, to: starts[index + 1] ?? window.to })) };
}

function finestInterval(window: Window, zone: string, maxPoints: number): Interval {
  const fits = (interval: Interval): boolean => {
    if (fewestPoints(window, interval) > maxPoints) return false;
    // more points than an answer may have: the caller refuses them
    return fewestPoints(window, interval) > MAX_VALUES || bucketStarts(window, interval, zone, maxPoints) !== null;
  };
  return INTERVALS.find(fits) ?? 'month';
}

function fewestPoints(window: Window, interval: Interval): number {
  return (window.to - window.from) / LONGEST_MS[interval] - SLACK;
}

function tooManyPoints(interval: Interval): InvalidQuery {
  const longer = INTERVALS.slice(INTERVALS.indexOf(interval) + 1);
  const advice =
    longer.length > 0 ? `ask for interval ${longer.join(' or ')}, or a shorter window` : 'ask for a shorter window';
  return new InvalidQuery(`interval ${interval} gives over 10,000 values in this window: ${advice}`);
}

/** The buckets' starts in the window, the first cut to the window's start; null if there are more than `max`. */
function bucketStarts(window: Window, interval: Interval, zone: string, max: number): number[] | null {
  if (fewestPoints(window, interval) > max) return null;
  const starts = [window.from];
  const found = interval === 'hour' ? hourStarts(window, zone) : periodStarts(window, interval, zone);
  for (const start of found) {
    if (start <= window.from) continue;
    if (starts.length === max) return null;
    starts.push(start);
  }
  return starts.length > max ? null : starts;
}

/** Every instant when the local clock shows minute 0. */
function* hourStarts(window: Window, zone: string): Generator<number> {
  for (const { from, to, offsetMs } of segments(window, zone)) {
    const first = Math.ceil((from + offsetMs) / HOUR_MS) * HOUR_MS - offsetMs;
    for (let start = first; start < to; start += HOUR_MS) yield start;
  }
}

/**
 * The first instant of each day, week or month: midnight, the end of the gap if the clock skips it, the first of two
 * midnights, and none for a date that the zone skipped.
 */
function* periodStarts(window: Window, interval: Exclude<Interval, 'hour'>, zone: string): Generator<number> {
  let latest = -Infinity;
  // from two days earlier, to recognize a midnight repeated near the window's start as the second one
  for (const { from, to, offsetMs } of segments({ from: window.from - 2 * DAY_MS, to: window.to }, zone)) {
    const lastDay = Math.floor((to - 1 + offsetMs) / DAY_MS);
    for (let day = Math.floor((from + offsetMs) / DAY_MS); day <= lastDay; day++) {
      const period = periodOf(day, interval);
      if (period <= latest) continue;
      if (latest > -Infinity) yield Math.max(from, day * DAY_MS - offsetMs);
      latest = period;
    }
  }
}

/** A number that grows with each day, week (from Monday) or month; `day` counts from 1970-01-01, a Thursday. */
function periodOf(day: number, interval: Exclude<Interval, 'hour'>): number {
  if (interval === 'day') return day;
  if (interval === 'week') return Math.floor((day + 3) / 7);
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Where the UTC offset changes, from the window's start on, and to what. */
export function offsetsIn(window: Window, zone: string): { from: number; offsetMs: number }[] {
  return [...segments(window, zone)].map(({ from, offsetMs }) => ({ from, offsetMs }));
}

/** The window in pieces with a constant UTC offset. */
function* segments(window: Window, zone: string): Generator<Window & { offsetMs: number }> {
  let from = window.from;
  let local = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone);
  while (from < window.to) {
    const next = local.getTimeZoneTransition('next');
    const to = Math.min(next?.epochMilliseconds ?? window.to, window.to);
    yield { from, to, offsetMs: Math.round(local.offsetNanoseconds / 1e6) };
    if (!next) return;
    [from, local] = [to, next];
  }
}
