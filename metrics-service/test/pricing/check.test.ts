import { describe, expect, it } from '@jest/globals';
import { checkPrices } from '../../src/pricing/check.js';
import { BUILT_IN_PRICES } from '../../src/pricing/prices.js';
import type { PriceRow } from '../../src/pricing/schema.js';

const findings = (...prices: PriceRow[]): string[] =>
  checkPrices({ source: 'test', date: '2026-01-01', prices }).map(({ model, what }) => `${model} ${what}`);
const row: PriceRow = { models: ['m-1'], input: 2, output: 10, cacheRead: '0.2', cacheWrite5m: '2.5', cacheWrite1h: 4 };

describe('the built-in prices', () => {
  it('are without a finding', () => expect(checkPrices(BUILT_IN_PRICES)).toEqual([]));

  it('say each where it is from, and when it was looked up', () => {
    expect(BUILT_IN_PRICES.prices.filter(({ source, date }) => !source?.startsWith('https://') || !date)).toEqual([]);
  });
});

describe('a price list', () => {
  it('without a finding', () =>
    expect(findings(row, { ...row, models: ['m-2'], tiers: { batch: '0.5' } })).toEqual([]));

  it.each<[string[], PriceRow[]]>([
    [['m-1 has another price at the same time in prices[0]'], [row, row]],
    [['m-1 has another price at the same time in prices[0]'], [{ ...row, models: ['m-1', 'm-1'] }]],
    [
      ['claude-opus-4.1 has another price at the same time in prices[0]'],
      [{ ...row, models: ['claude-opus-4-1', 'claude-opus-4.1'] }],
    ],
    [
      ['m-1 has another price at the same time in prices[0]'],
      [
        { ...row, validTo: '2026-02-02' },
        { ...row, validFrom: '2026-02-01' },
      ],
    ],
    [
      ['m-1 has no price from 2026-02-01 to 2026-02-03'],
      [
        { ...row, validFrom: '2026-02-03' },
        { ...row, validTo: '2026-02-01' },
      ],
    ],
    [['m-1 a cache read is dearer than input'], [{ ...row, cacheRead: 3 }]],
    [['m-1 a cache write is cheaper than input'], [{ ...row, cacheWrite5m: 1 }]],
    [['m-1 an hour in the cache is cheaper than 5 minutes'], [{ ...row, cacheWrite1h: 2.25 }]],
    [['m-1 output is cheaper than input'], [{ ...row, output: 1 }]],
    [['m-1 batch is dearer than the standard'], [{ ...row, tiers: { batch: 2 } }]],
    [['m-1 flex is dearer than the standard'], [{ ...row, tiers: { flex: { input: 3, output: 11 } } }]],
    [['m-1 priority is cheaper than the standard'], [{ ...row, tiers: { priority: '0.9' } }]],
    [
      ['m-1 batch: a cache read is dearer than input'],
      [{ ...row, tiers: { batch: { input: 1, output: 5, cacheRead: 2 } } }],
    ],
    [['m-1 speed fast makes it cheaper'], [{ ...row, speeds: { fast: '0.5' } }]],
    [
      ['m-1 input is cheaper above 10 input tokens'],
      [{ ...row, steps: [{ aboveInputTokens: 10, input: 1, output: 5 }] }],
    ],
    [
      ['m-1 has two prices above 10 input tokens'],
      [{ ...row, steps: [10, 10].map((aboveInputTokens) => ({ aboveInputTokens, input: 3, output: 15 })) }],
    ],
  ])('%j', (expected, rows) => expect(findings(...rows)).toEqual(expected));
});
