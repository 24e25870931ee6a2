import { describe, expect, it } from '@jest/globals';
import { sameWeekdays } from '../../src/query/weeks.js';

const at = (time: string): number => Date.parse(time);
const before = (from: string, to: string, zone = 'UTC') => {
  const found = sameWeekdays({ from: at(from), to: at(to) }, zone);
  return [new Date(found.from).toISOString(), new Date(found.to).toISOString(), found.weeks];
};

describe('the window of the same weekdays', () => {
  it('lies as few whole weeks earlier as it takes not to reach into this one', () => {
    expect(before('2026-11-16T00:00:00Z', '2026-11-17T00:00:00Z')).toEqual([
      '2026-11-09T00:00:00.000Z',
      '2026-11-10T00:00:00.000Z',
      1,
    ]);
    // a week to the millisecond, and one more
    expect(before('2026-11-09T00:00:00.000Z', '2026-11-16T00:00:00.000Z')[2]).toBe(1);
    expect(before('2026-11-09T00:00:00.000Z', '2026-11-16T00:00:00.001Z')[2]).toBe(2);
    // 30 days: 4 weeks reach into it
    expect(before('2026-10-29T12:00:00Z', '2026-11-28T12:00:00Z')).toEqual([
      '2026-09-24T12:00:00.000Z',
      '2026-10-24T12:00:00.000Z',
      5,
    ]);
    expect(before('2025-11-28T00:00:00Z', '2026-11-28T00:00:00Z')[2]).toBe(53);
  });

  it('goes by the local clock: over its change a week has 169 hours, or 167', () => {
    // Vienna goes back on 25 October
    expect(before('2026-10-19T22:00:00Z', '2026-10-26T23:00:00Z', 'Europe/Vienna')).toEqual([
      '2026-10-12T22:00:00.000Z',
      '2026-10-19T22:00:00.000Z',
      1,
    ]);
    // and forward on 29 March: 7 days of 24 hours are an hour more than that week
    expect(before('2026-03-23T23:00:00Z', '2026-03-30T23:00:00Z', 'Europe/Vienna')[2]).toBe(2);
    expect(before('2026-03-23T23:00:00Z', '2026-03-30T22:00:00Z', 'Europe/Vienna')[2]).toBe(1);
  });
});
