import { Temporal } from 'temporal-polyfill';
import { parseRfc3339 } from '../contract/rfc3339.js';
import { checkZone } from '../query/buckets.js';
import { BadUsage } from '../failure.js';

/** The flags for the window. */
export interface WindowFlags {
  last?: string;
  from?: string;
  to?: string;
}

const DEFAULT_LAST = '30d';
const HOURS = { h: 1, d: 24, w: 7 * 24 } as const;
const MONTHS = { mo: 1, y: 12 } as const;
const LAST = /^(\d{1,6})(h|d|w|mo|y)$/;
const LOCAL = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?)?$/;

/** Whether the time zone matters for the window: a date, a time without offset, or a month. */
export function needsZone({ last, from, to }: WindowFlags): boolean {
  return [from, to].some((text) => text !== undefined && LOCAL.test(text)) || (last ?? '').search(/mo$|y$/) > 0;
}

/**
 * The window in epoch milliseconds: `--last` ends at `--to` or now, `--from` likewise; without either the last 30
 * days, a day being 24 hours. A date is its first instant in the zone. @throws BadUsage, InvalidQuery for a zone
 * that does not exist
 */
export function readWindow(flags: WindowFlags, now: number, timezone: string): { from: number; to: number } {
  if (flags.last !== undefined && flags.from !== undefined) {
    throw new BadUsage('--last and --from cannot be combined: leave one out');
  }
  const to = flags.to === undefined ? now : readTime('--to', flags.to, timezone);
  const from =
    flags.from === undefined
      ? before(to, flags.last ?? DEFAULT_LAST, timezone)
      : readTime('--from', flags.from, timezone);
  if (from >= to)
    throw new BadUsage(`the window is empty: it must start before it ends (${new Date(to).toISOString()})`);
  return { from, to };
}

function before(to: number, last: string, timezone: string): number {
  const match = LAST.exec(last);
  if (!match || Number(match[1]) === 0) {
    throw new BadUsage(`--last must be like 24h, 7d, 4w, 3mo or 1y, not ${JSON.stringify(last)}`);
  }
  const [count, unit] = [Number(match[1]), match[2]!];
  if (unit in HOURS) return to - count * HOURS[unit as keyof typeof HOURS] * 3_600_000;
  const months = count * MONTHS[unit as keyof typeof MONTHS];
  return inZone(timezone, (zone) =>
    Temporal.Instant.fromEpochMilliseconds(to).toZonedDateTimeISO(zone).subtract({ months }),
  );
}

function readTime(flag: string, text: string, timezone: string): number {
  if (LOCAL.test(text)) {
    const local = plain(text.replace(' ', 'T'));
    if (local) return inZone(timezone, (timeZone) => local.toZonedDateTime(timeZone));
  }
  const ms = parseRfc3339(text.replace(' ', 'T'));
  if (ms !== null) return ms;
  throw new BadUsage(
    `${flag} must be a date or time such as 2026-01-31, 2026-01-31T09:30 or 2026-01-31T09:30:00+01:00, not ${JSON.stringify(text)}`,
  );
}

/** A date starts at its first instant, which may be after 00:00 when the clocks change. */
function plain(text: string): { toZonedDateTime(zone: string): Temporal.ZonedDateTime } | null {
  try {
    return text.includes('T')
      ? Temporal.PlainDateTime.from(text, { overflow: 'reject' })
      : Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return null;
  }
}

function inZone(timezone: string, work: (zone: string) => Temporal.ZonedDateTime): number {
  checkZone(timezone);
  try {
    return work(timezone).epochMilliseconds;
  } catch {
    throw new BadUsage('the window must lie between the years 1 and 9999');
  }
}
