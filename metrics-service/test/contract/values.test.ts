import { describe, expect, it } from '@jest/globals';
import { parseUsd } from '../../src/contract/usd.js';
import { parseRfc3339 } from '../../src/contract/rfc3339.js';
import { storableText } from '../../src/contract/values.js';

describe('parseRfc3339', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-01-01T00:00:00Z', 1767225600000],
    ['2026-01-01t00:00:00z', 1767225600000],
    ['2026-01-01 00:00:00Z', 1767225600000],
    ['2026-01-01T05:30:00+05:30', 1767225600000],
    ['2025-12-31T16:00:00-08:00', 1767225600000],
    // cut, not rounded
    ['2026-01-01T00:00:00.9999Z', 1767225600999],
    ['2026-01-01T00:00:00.1Z', 1767225600100],
    ['2024-02-29T00:00:00Z', 1709164800000],
    ['2024-02-29T23:59:59.012Z', 1709251199012],
    // a leap second is the second after it
    ['2016-12-31T23:59:60Z', 1483228800000],
  ])('reads %s', (text, ms) => {
    expect(parseRfc3339(text)).toBe(ms);
  });

  it.each([
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-02-29T00:00:00Z',
    '2026-02-29T00:00:00.000Z',
    '2026-04-31T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-01-01T00:00:00,000Z',
    '2026-01-01T00:00:0:.000Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:00+24:00',
    'yesterday',
    '1767225600000',
    '',
  ])('refuses %p', (text) => {
    expect(parseRfc3339(text)).toBeNull();
  });
});

describe('parseUsd', () => {
  it.each<[string | number, bigint]>([
    ['0', 0n],
    ['1.5', 1_500_000_000n],
    [0.1, 100_000_000n],
    [1e-7, 100n],
    ['1E3', 1_000_000_000_000n],
    ['.5', 500_000_000n],
    // half a nano-dollar goes to the even neighbour
    ['0.0000000005', 0n],
    ['0.0000000015', 2n],
    ['0.0000000025', 2n],
    ['0.00000000250000001', 3n],
  ])('reads %p as %p nano-US-dollars', (value, nanos) => {
    expect(parseUsd(value)).toBe(nanos);
  });

  it.each(['', '-1', '1,5', 'free', 'NaN', '0x10', '1e9999', '.'])('refuses %p', (value) => {
    expect(parseUsd(value)).toBeNull();
  });
});

describe('storableText', () => {
  it('keeps what PostgreSQL can hold', () => {
    expect(storableText('naïve 😀 \uFFFD')).toBe('naïve 😀 \uFFFD');
  });
  it('replaces NUL and lone surrogates', () => {
    expect(storableText('a\0b\ud800c\udc00')).toBe('a\uFFFDb\uFFFDc\uFFFD');
  });
});
