import { describe, expect, it } from '@jest/globals';
import { loadPrices, type Usage } from '../../src/pricing/index.js';

const prices = loadPrices();
const AT = Date.UTC(2026, 5, 1);

/** Counts as a vendor bills them, all of input. */
function billed(uncached: number, read: number, write5m: number, write1h: number): Usage {
  return {
    inputTokens: uncached + read + write5m + write1h,
    outputTokens: 100,
    cacheReadTokens: read,
    cacheWriteTokens: write5m + write1h,
    cacheWrite1hTokens: write1h,
  };
}
const saved = (model: string, usage: Usage, terms = {}): bigint | null =>
  prices.priced(model, usage, AT, terms)?.cacheSavingsNanos ?? null;

describe('what the cache saved', () => {
  it('is the price of fresh input less that of reading, for each token read', () => {
    // 5 US dollars for a million, read 0.50
    expect(saved('claude-opus-4-6', billed(9, 1000, 0, 0))).toBe(1000n * 4500n);
    expect(saved('gpt-5', billed(0, 1_000_000, 0, 0))).toBe(1_125_000_000n);
    expect(saved('claude-opus-4-6', billed(1000, 0, 0, 0))).toBe(0n);
  });

  it('is less by what writing costs more than fresh input, and may be negative', () => {
    // written for five minutes 6.25, for an hour 10
    expect(saved('claude-opus-4-6', billed(0, 1000, 100, 50))).toBe(4_500_000n - 125_000n - 250_000n);
    expect(saved('claude-opus-4-6', billed(0, 0, 1000, 0))).toBe(-1_250_000n);
  });

  it('is at the price that the call paid: its tier, and the step of its length', () => {
    expect(saved('claude-opus-4-6', billed(0, 1000, 0, 0), { tier: 'batch' })).toBe(2_250_000n);
    // above 100,000 tokens of input 0.50 and 0.05 instead of 0.10 and 0.01
    expect(saved('claude-haiku-5-5', billed(0, 200_000, 0, 0))).toBe(90_000_000n);
    expect(saved('claude-haiku-5-5', billed(0, 200_000, 0, 0), { baseStep: true })).toBe(18_000_000n);
    // the costs are 5.5 and 55 nanos, of which the first is rounded to 6
    expect(saved('claude-haiku-5-5', billed(0, 1, 0, 0), { tier: 'batch', region: 'us' })).toBe(49n);
  });

  it('is unknown where the cost is', () => {
    expect(saved('mystery', billed(1000, 0, 0, 0))).toBeNull();
    // it has no price for writing
    expect(saved('gpt-5', billed(0, 1000, 1, 0))).toBeNull();
    expect(saved('claude-opus-4-6', billed(0, 1000, 0, 0), { tier: 'unheard of' })).toBeNull();
  });
});
