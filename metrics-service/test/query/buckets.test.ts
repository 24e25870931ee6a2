import { describe, expect, it } from '@jest/globals';
import { cutWindow, type Interval } from '../../src/query/buckets.js';

const utc = (text: string): number => Date.parse(`${text}Z`);

/** The buckets' starts as UTC text without seconds. */
function starts(interval: Interval, zone: string, from: string, to: string): string[] {
  const { slices } = cutWindow({ from: utc(from), to: utc(to) }, interval, zone, 600);
  // they adjoin and fill the window
  expect(slices[0]!.from).toBe(utc(from));
  expect(slices.at(-1)!.to).toBe(utc(to));
  slices.slice(1).forEach((slice, index) => expect(slice.from).toBe(slices[index]!.to));
  return slices.map((slice) => new Date(slice.from).toISOString().slice(0, 16));
}

describe('days', () => {
  it('are 23 hours when the clock goes forward in Vienna, and 25 when it goes back', () => {
    expect(starts('day', 'Europe/Vienna', '2026-03-28T00:00', '2026-03-31T00:00')).toEqual([
      '2026-03-28T00:00',
      '2026-03-28T23:00',
      '2026-03-29T22:00',
      '2026-03-30T22:00',
    ]);
    expect(starts('day', 'Europe/Vienna', '2026-10-24T12:00', '2026-10-27T00:00')).toEqual([
      '2026-10-24T12:00',
      '2026-10-24T22:00',
      '2026-10-25T23:00',
      '2026-10-26T23:00',
    ]);
  });

  it('start at half past six in the evening UTC in Kolkata', () => {
    expect(starts('day', 'Asia/Kolkata', '2026-05-01T00:00', '2026-05-02T20:00')).toEqual([
      '2026-05-01T00:00',
      '2026-05-01T18:30',
      '2026-05-02T18:30',
    ]);
  });

  it('start at one where midnight does not exist', () => {
    // Havana 2026-03-08 and Beirut 2026-03-29: 00:00 becomes 01:00; Cairo on Friday 2026-04-24 likewise
    expect(starts('day', 'America/Havana', '2026-03-07T12:00', '2026-03-09T12:00')).toEqual([
      '2026-03-07T12:00',
      '2026-03-08T05:00',
      '2026-03-09T04:00',
    ]);
    expect(starts('day', 'Asia/Beirut', '2026-03-28T12:00', '2026-03-30T12:00')).toEqual([
      '2026-03-28T12:00',
      '2026-03-28T22:00',
      '2026-03-29T21:00',
    ]);
    expect(starts('day', 'Africa/Cairo', '2026-04-23T12:00', '2026-04-25T12:00')).toEqual([
      '2026-04-23T12:00',
      '2026-04-23T22:00',
      '2026-04-24T21:00',
    ]);
  });

  it('start at the first of two midnights', () => {
    // Havana 2026-11-01: 01:00 becomes 00:00 again
    expect(starts('day', 'America/Havana', '2026-10-31T12:00', '2026-11-02T12:00')).toEqual([
      '2026-10-31T12:00',
      '2026-11-01T04:00',
      '2026-11-02T05:00',
    ]);
    // and a window that begins between the two has no second start
    expect(starts('day', 'America/Havana', '2026-11-01T04:30', '2026-11-02T12:00')).toEqual([
      '2026-11-01T04:30',
      '2026-11-02T05:00',
    ]);
    // St. John's 2010-11-07: at 00:01 back to 23:01 of the day before
    expect(starts('day', 'America/St_Johns', '2010-11-06T12:00', '2010-11-08T12:00')).toEqual([
      '2010-11-06T12:00',
      '2010-11-07T02:30',
      '2010-11-08T03:30',
    ]);
  });

  it('skip the date that Apia skipped', () => {
    expect(starts('day', 'Pacific/Apia', '2011-12-28T12:00', '2012-01-01T12:00')).toEqual([
      '2011-12-28T12:00',
      '2011-12-29T10:00',
      '2011-12-30T10:00',
      '2011-12-31T10:00',
      '2012-01-01T10:00',
    ]);
  });
});

describe('hours', () => {
  it('are two when an hour is repeated, and none when it is skipped', () => {
    expect(starts('hour', 'Europe/Vienna', '2026-10-24T23:30', '2026-10-25T02:30')).toEqual([
      '2026-10-24T23:30',
      '2026-10-25T00:00',
      '2026-10-25T01:00',
      '2026-10-25T02:00',
    ]);
    expect(starts('hour', 'Europe/Vienna', '2026-03-29T00:00', '2026-03-29T03:00')).toHaveLength(3);
  });

  it('start at half past in Kolkata', () => {
    expect(starts('hour', 'Asia/Kolkata', '2026-05-01T00:00', '2026-05-01T02:00')).toEqual([
      '2026-05-01T00:00',
      '2026-05-01T00:30',
      '2026-05-01T01:30',
    ]);
  });

  it('shift by half an hour on Lord Howe Island', () => {
    // 2026-04-05 02:00 (+11) becomes 01:30 (+10:30): that hour is an hour and a half long
    expect(starts('hour', 'Australia/Lord_Howe', '2026-04-04T13:00', '2026-04-04T17:00')).toEqual([
      '2026-04-04T13:00',
      '2026-04-04T14:00',
      '2026-04-04T15:30',
      '2026-04-04T16:30',
    ]);
    // 2026-10-04 02:00 (+10:30) becomes 02:30 (+11): the next full hour is half an hour later
    expect(starts('hour', 'Australia/Lord_Howe', '2026-10-03T14:30', '2026-10-03T17:00')).toEqual([
      '2026-10-03T14:30',
      '2026-10-03T16:00',
    ]);
  });
});

describe('weeks and months', () => {
  it('start on Monday', () => {
    // 2026-03-02 is a Monday
    expect(starts('week', 'UTC', '2026-03-04T05:06', '2026-03-17T00:00')).toEqual([
      '2026-03-04T05:06',
      '2026-03-09T00:00',
      '2026-03-16T00:00',
    ]);
    expect(starts('week', 'Asia/Kolkata', '2026-03-01T00:00', '2026-03-02T00:00')).toEqual([
      '2026-03-01T00:00',
      '2026-03-01T18:30',
    ]);
  });

  it('start on the first of the month, whatever its length', () => {
    expect(starts('month', 'Europe/Vienna', '2024-01-31T00:00', '2024-05-01T00:00')).toEqual([
      '2024-01-31T00:00',
      '2024-01-31T23:00',
      '2024-02-29T23:00',
      '2024-03-31T22:00',
      '2024-04-30T22:00',
    ]);
  });
});

describe('auto', () => {
  const window = (days: number) => ({ from: utc('2026-01-01T00:00'), to: utc('2026-01-01T00:00') + days * 86_400_000 });
  const chosen = (days: number, points: number): string => cutWindow(window(days), 'auto', 'UTC', points).interval;

  it('is the finest interval that gives at most so many points', () => {
    expect(chosen(2, 48)).toBe('hour');
    expect(chosen(2, 47)).toBe('day');
    expect(chosen(31, 31)).toBe('day');
    expect(chosen(31, 30)).toBe('week');
    // January 2026 touches five weeks
    expect(chosen(31, 5)).toBe('week');
    expect(chosen(31, 4)).toBe('month');
    expect(chosen(365, 1)).toBe('month');
  });

  it('counts what clock changes add', () => {
    const changes = { from: utc('2026-10-24T22:00'), to: utc('2026-10-25T23:00') };
    expect(cutWindow(changes, 'auto', 'Europe/Vienna', 25).interval).toBe('hour');
    expect(cutWindow(changes, 'auto', 'Europe/Vienna', 24).interval).toBe('day');
  });
});
