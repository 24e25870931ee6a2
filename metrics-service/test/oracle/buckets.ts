import type { CLOCK_DIMENSIONS, Window } from './types.js';

/**
 * Calendar buckets, slow and plain: the wall clock of the zone is read every quarter of an hour (every minute where a
 * clock change lies in between), and a bucket begins where what it shows begins.
 */

export type Interval = 'hour' | 'day' | 'week' | 'month';

interface WallClock {
  /** yyyy-mm-dd */
  date: string;
  minute: number;
  /** the wall clock as if it were UTC, in ms: only for seeing jumps */
  asUtc: number;
}

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const formatters = new Map<string, Intl.DateTimeFormat>();
const readings = new Map<string, WallClock>();

function wallClock(at: number, timezone: string): WallClock {
  const key = `${timezone} ${at}`;
  const before = readings.get(key);
  if (before) return before;
  let formatter = formatters.get(timezone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formatters.set(timezone, formatter);
  }
  const parts = Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, value]));
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  const minute = Number(parts.minute);
  const reading = { date, minute, asUtc: Date.parse(`${date}T${parts.hour}:${parts.minute}:00Z`) };
  if (readings.size > 1_000_000) readings.clear();
  readings.set(key, reading);
  return reading;
}

/** What the wall clock and the calendar show: the hour, 0 to 23, and the weekday, 1 (Monday) to 7. */
export function clockAt(at: number, timezone: string): Record<(typeof CLOCK_DIMENSIONS)[number], string> {
  const shown = new Date(wallClock(at, timezone).asUtc);
  return { hour_of_day: String(shown.getUTCHours()), day_of_week: String(shown.getUTCDay() || 7) };
}

/** What a calendar interval is called by: its first date; in text order later ones are greater. */
function calendarKey(date: string, interval: 'day' | 'week' | 'month'): string {
  if (interval === 'day') return date;
  if (interval === 'month') return date.slice(0, 7);
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

/** The instants at which to look, from well before the window to its end. */
function* looks(window: Window, timezone: string): Generator<number> {
  const start = Math.floor((window.from - 48 * 60 * MINUTE) / QUARTER) * QUARTER;
  for (let at = start; at < window.to; at += QUARTER) {
    const jumps = wallClock(at + QUARTER, timezone).asUtc - wallClock(at, timezone).asUtc !== QUARTER;
    const step = jumps ? MINUTE : QUARTER;
    for (let within = at; within < at + QUARTER; within += step) yield within;
  }
}

/** The buckets of the window in order, each intersected with it. */
export function buckets(window: Window, interval: Interval, timezone: string): Window[] {
  const cuts: number[] = [];
  let latest = '';
  for (const at of looks(window, timezone)) {
    const clock = wallClock(at, timezone);
    let begins: boolean;
    if (interval === 'hour') {
      begins = clock.minute === 0;
    } else {
      // The first instant of its local date: a date that the clock shows a second time begins nothing.
      const key = calendarKey(clock.date, interval);
      begins = key > latest;
      if (begins) latest = key;
    }
    if (begins && window.from < at && at < window.to) cuts.push(at);
  }
  const starts = [window.from, ...cuts];
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? window.to }));
}

/** The finest interval that gives at most so many points. */
export function finestInterval(window: Window, maxDataPoints: number, timezone: string): Interval {
  for (const interval of ['hour', 'day', 'week'] as const) {
    if (buckets(window, interval, timezone).length <= maxDataPoints) return interval;
  }
  return 'month';
}
