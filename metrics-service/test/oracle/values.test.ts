import { describe, expect, it } from '@jest/globals';
import { percentile, ratio, toNumber, whole } from './fraction.js';
import { priceOf } from './prices.js';
import type { CallTerms } from './types.js';
import { compareText, instant, nanos } from './values.js';

const usage = (input: bigint, output: bigint, cacheRead = 0n, cacheWrite = 0n, cacheWrite1h = 0n) => ({
  input,
  output,
  cacheRead,
  cacheWrite,
  cacheWrite1h,
});

const call: CallTerms = { tier: null, speed: null, region: null, webSearches: 0 };

describe('values', () => {
  it('reads times with offsets and cuts them to the millisecond', () => {
    expect(instant('2026-01-01T05:30:00+05:30')).toBe(Date.UTC(2026, 0, 1));
    expect(instant('2025-12-31t20:30:00.1999-03:30')).toBe(Date.UTC(2026, 0, 1, 0, 0, 0, 199));
    expect(instant('2026-01-01T00:00:00.5z')).toBe(Date.UTC(2026, 0, 1, 0, 0, 0, 500));
  });

  it('reads money exactly and rounds half to even', () => {
    expect(nanos('0.10')).toBe(100_000_000n);
    expect(nanos(1e-9)).toBe(1n);
    expect([nanos('0.0000000005'), nanos('0.0000000015'), nanos('0.0000000025')]).toEqual([0n, 2n, 2n]);
    expect(nanos('0.0000000025000001')).toBe(3n);
    expect(nanos(0.1 + 0.2)).toBe(300_000_000n);
    expect(nanos(1_000_000)).toBe(10n ** 15n);
  });

  it('orders texts by their UTF-8 bytes', () => {
    expect(['😀', '｡', 'é', 'a', 'B'].sort(compareText)).toEqual(['B', 'a', 'é', '｡', '😀']);
  });

  it('interpolates percentiles', () => {
    expect(toNumber(percentile([40, 10, 30, 20], 50)!)).toBe(25);
    expect(toNumber(percentile([10, 20, 30], 95)!)).toBe(29);
    expect(toNumber(percentile([7], 95)!)).toBe(7);
    expect(percentile([], 50)).toBeNull();
    expect(toNumber(ratio(whole(1), whole(3))!)).toBe(1 / 3);
    expect(ratio(whole(1), whole(0))).toBeNull();
  });

  it('prices calls as the published figures say', () => {
    // 9 in + 2,067 out + 168,193 read + 17,761 written: input holds the cached tokens
    const opus = usage(9n + 168_193n + 17_761n, 2_067n, 168_193n, 17_761n);
    expect(priceOf('claude-opus-4-6', opus, 0, call)).toBe(246_822_750n);
    expect(priceOf('claude-haiku-4-5@20251001', usage(387n, 18n), 0, call)).toBe(477_000n);
    expect(priceOf('us.anthropic.claude-haiku-4-5@20251001', usage(387n, 18n), 0, call)).toBe(524_700n);
    expect(priceOf('claude-opus-4-6', usage(10n, 0n, 0n, 10n, 4n), 0, call)).toBe(6n * 6250n + 4n * 10_000n);
    expect(priceOf('claude-opus-4-60', usage(1n, 1n), 0, call)).toBeNull();
  });

  it('prices what a call says of itself', () => {
    const million = usage(1_000_000n, 0n);
    const usd = (model: string, terms: Partial<CallTerms>, of = million) => {
      const cost = priceOf(model, of, 0, { ...call, ...terms });
      return cost === null ? null : Number(cost) / 1e9;
    };
    expect(usd('claude-opus-4-6', { speed: 'fast' })).toBe(30);
    expect(usd('claude-opus-4-6', { region: 'us', tier: 'standard' })).toBe(5.5);
    expect(usd('claude-opus-4-6', { tier: 'batch' })).toBe(2.5);
    expect(usd('claude-opus-4-6', { webSearches: 2, speed: 'normal' })).toBe(5.02);
    expect(usd('claude-haiku-4-5', { speed: 'fast' })).toBeNull();
    expect(usd('gpt-5.4', { tier: 'priority' })).toBeNull();
    expect(usd('gpt-5.4', { tier: 'priority' }, usage(1000n, 100n))).toBe(0.008);
    // 3 tokens at 6.25 times 1.1: 20.625 nano-dollars
    expect(priceOf('us.anthropic.claude-opus-4-6', usage(3n, 0n, 0n, 3n), 0, call)).toBe(20_625n);
    expect(priceOf('claude-haiku-5-5', usage(1n, 0n, 1n), 0, { ...call, tier: 'batch', region: 'us' })).toBe(6n); // 5.5
  });

  it('takes the lower step at equality, the base step for sums, and the price in force', () => {
    expect(priceOf('claude-haiku-5-5[1m]', usage(100_000n, 0n), 0, call)).toBe(100_000n * 100n);
    expect(priceOf('claude-haiku-5-5[1m]', usage(100_001n, 0n), 0, call)).toBe(100_001n * 500n);
    expect(priceOf('claude-haiku-5-5[1m]', usage(100_001n, 0n), 0, null)).toBe(100_001n * 100n);
    const change = Date.UTC(2026, 9, 7);
    expect(priceOf('claude-sonnet-5-5', usage(1n, 0n, 1n), change - 1, call)).toBe(200n);
    expect(priceOf('claude-sonnet-5-5', usage(1n, 0n, 1n), change, call)).toBe(100n);
  });
});
