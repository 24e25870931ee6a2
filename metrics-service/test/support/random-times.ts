import type { Random } from './random.js';

/** An instant at which calendars do something, and the zone in which they do it. */
export interface Occasion {
  timezone: string;
  at: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Clock changes, half-hour zones, skipped and repeated midnights and dates, ends of months and years. */
export const OCCASIONS: Occasion[] = [
  ['Europe/Vienna', '2026-03-29T01:00:00Z'],
  ['Europe/Vienna', '2025-10-26T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['US/Eastern', '2025-11-02T06:00:00Z'],
  ['Asia/Kolkata', '2026-01-31T18:30:00Z'],
  ['Asia/Calcutta', '2024-02-28T18:30:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2025-10-04T15:30:00Z'],
  ['America/St_Johns', '2026-03-08T05:30:00Z'],
  ['America/St_Johns', '2009-11-01T02:31:00Z'],
  ['America/St_Johns', '2010-03-14T03:31:00Z'],
  ['Asia/Kathmandu', '2025-12-31T18:15:00Z'],
  ['Asia/Katmandu', '2026-02-15T18:15:00Z'],
  ['America/Havana', '2025-11-02T05:00:00Z'],
  ['America/Havana', '2026-03-08T05:00:00Z'],
  ['America/Sao_Paulo', '2017-10-15T03:00:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00:00Z'],
  ['Asia/Beirut', '2025-03-29T22:00:00Z'],
  ['Africa/Cairo', '2024-04-25T22:00:00Z'],
  ['Africa/Cairo', '2024-10-31T21:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['Pacific/Chatham', '2026-04-04T14:00:00Z'],
  ['America/Caracas', '2016-05-01T07:00:00Z'],
  ['UTC', '2024-02-29T00:00:00Z'],
  ['UTC', '2026-10-07T00:00:00Z'],
  ['UTC', '2025-12-31T23:59:59.999Z'],
  ['Etc/GMT+12', '2026-02-28T12:00:00Z'],
].map(([timezone, at]) => ({ timezone: timezone!, at: Date.parse(at!) }));

/** How far from the occasion things happen: on it, a millisecond beside it, minutes, hours, days, weeks. */
export function instantNear(random: Random, at: number): number {
  return (
    at +
    random.weighted([
      [2, random.integer(-1, 1)],
      [3, random.integer(-5, 5) * 15 * MINUTE + random.integer(-1, 1)],
      [3, random.integer(-30, 30) * HOUR + random.pick([0, 0, -1, 1])],
      [3, random.integer(-3 * 3600, 3 * 3600) * 1000 + random.integer(0, 999)],
      [3, random.integer(-8 * DAY, 8 * DAY)],
      [1, random.integer(-40, 40) * DAY],
    ])
  );
}

/** The instant as RFC 3339: in UTC or with an offset, with more digits than count or with none. */
export function timeText(random: Random, at: number): string {
  const offset = random.weighted([
    [8, 0],
    [1, 330],
    [1, -210],
    [1, 60 * random.integer(-12, 14)],
  ]);
  const local = new Date(at + offset * MINUTE).toISOString().slice(0, -1);
  const text = random.weighted([
    [8, local],
    [1, `${local}${random.pick(['9', '000', '999999', '5'])}`],
    [1, local.replace(/\.000$/, '').replace(/(\.\d+)0$/, '$1')],
  ]);
  if (offset === 0) return text + random.pick(['Z', 'Z', 'Z', '+00:00', '-00:00']);
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(offset);
  return `${text}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
