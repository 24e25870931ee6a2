import { describe, expect, it } from '@jest/globals';
import { buckets, finestInterval, type Interval } from './buckets.js';

const starts = (from: string, to: string, interval: Interval, timezone: string): string[] =>
  buckets({ from: Date.parse(from), to: Date.parse(to) }, interval, timezone).map((bucket) =>
    new Date(bucket.from).toISOString().replace(':00.000Z', 'Z'),
  );

describe('buckets', () => {
  it('begin at the window and end at it', () => {
    expect(buckets({ from: 5, to: 6 }, 'hour', 'UTC')).toEqual([{ from: 5, to: 6 }]);
    expect(starts('2026-01-01T00:00Z', '2026-01-02T00:00Z', 'day', 'UTC')).toEqual(['2026-01-01T00:00Z']);
    expect(starts('2026-01-31T23:00Z', '2026-02-02T00:00:00.001Z', 'day', 'UTC')).toEqual([
      '2026-01-31T23:00Z',
      '2026-02-01T00:00Z',
      '2026-02-02T00:00Z',
    ]);
  });

  it('have 23 and 25 hours where the clocks change, and a repeated hour twice', () => {
    expect(starts('2026-03-28T23:00Z', '2026-03-30T22:00Z', 'day', 'Europe/Vienna')).toEqual([
      '2026-03-28T23:00Z',
      '2026-03-29T22:00Z',
    ]);
    expect(starts('2025-10-25T22:00Z', '2025-10-26T23:00Z', 'hour', 'Europe/Vienna')).toHaveLength(25);
  });

  it('begin an hour where the clock shows minute 0, also where it jumps by half an hour', () => {
    // 02:00 becomes 01:30 at 15:00Z: minute 0 is seen again at 15:30Z
    expect(starts('2026-04-04T14:00Z', '2026-04-04T17:00Z', 'hour', 'Australia/Lord_Howe')).toEqual([
      '2026-04-04T14:00Z',
      '2026-04-04T15:30Z',
      '2026-04-04T16:30Z',
    ]);
    expect(starts('2026-01-01T00:00Z', '2026-01-01T02:00Z', 'hour', 'Asia/Kathmandu')).toEqual([
      '2026-01-01T00:00Z',
      '2026-01-01T00:15Z',
      '2026-01-01T01:15Z',
    ]);
  });

  it('begin a day at its first instant: no midnight, two midnights, a minute after one, no day at all', () => {
    // 2017-10-15 begins at 01:00 in São Paulo
    expect(starts('2017-10-14T12:00Z', '2017-10-15T12:00Z', 'day', 'America/Sao_Paulo')[1]).toBe('2017-10-15T03:00Z');
    // 01:00 becomes 00:00 in Havana: the day began an hour before
    expect(starts('2025-11-01T12:00Z', '2025-11-03T00:00Z', 'day', 'America/Havana').slice(1)).toEqual([
      '2025-11-02T04:00Z',
    ]);
    // 00:01 becomes 23:01 of the day before in St. John's
    expect(starts('2009-10-31T12:00Z', '2009-11-01T12:00Z', 'month', 'America/St_Johns').slice(1)).toEqual([
      '2009-11-01T02:30Z',
    ]);
    // after the 29th comes the 31st in Apia
    expect(starts('2011-12-29T12:00Z', '2012-01-01T00:00Z', 'day', 'Pacific/Apia').slice(1)).toEqual([
      '2011-12-30T10:00Z',
      '2011-12-31T10:00Z',
    ]);
  });

  it('begin weeks on Monday', () => {
    expect(starts('2026-01-01T00:00Z', '2026-01-13T00:00Z', 'week', 'UTC').slice(1)).toEqual([
      '2026-01-05T00:00Z',
      '2026-01-12T00:00Z',
    ]);
  });

  it('are the finest that give at most so many points', () => {
    const window = { from: Date.parse('2026-01-01T00:00Z'), to: Date.parse('2026-01-03T00:00Z') };
    expect(finestInterval(window, 48, 'UTC')).toBe('hour');
    expect(finestInterval(window, 47, 'UTC')).toBe('day');
    expect(finestInterval(window, 1, 'UTC')).toBe('week');
  });
});
