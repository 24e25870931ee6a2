import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadPrices, type Usage } from '../../src/pricing/index.js';
import { tableNames } from '../../src/pricing/model-name.js';
import { BUILT_IN_PRICES } from '../../src/pricing/prices.js';
import { divideHalfEven, priceTable } from '../../src/pricing/table.js';

const prices = loadPrices();
const AT = Date.UTC(2026, 5, 1);

/** Counts as a vendor bills them: without the cached ones, read, written for 5 minutes, written for 1 hour, out. */
function billed(uncached: number, read: number, write5m: number, write1h: number, output: number): Usage {
  return {
    inputTokens: uncached + read + write5m + write1h,
    outputTokens: output,
    cacheReadTokens: read,
    cacheWriteTokens: write5m + write1h,
    cacheWrite1hTokens: write1h,
  };
}
const MILLION = 1_000_000;

describe('the cost of a call', () => {
  it('is what was worked out by hand', () => {
    expect(prices.costNanos('claude-opus-4-6', billed(9, 168193, 17761, 0, 2067), AT)).toBe(246_822_750n);
    expect(prices.costNanos('claude-haiku-4-5-20251001', billed(387, 0, 0, 0, 18), AT)).toBe(477_000n);
    expect(prices.costNanos('claude-opus-5', billed(0, 0, 0, 0, 0), AT)).toBe(0n);
  });

  it.each([
    // model, then US dollars for a million tokens of: input, write 5 min, write 1 h, read, output
    ['claude-opus-4-5', '5', '6.25', '10', '0.5', '25'],
    ['claude-opus-4-7', '5', '6.25', '10', '0.5', '25'],
    ['claude-opus-4-8', '5', '6.25', '10', '0.5', '25'],
    ['claude-opus-5-5', '4', '5', '8', '0.2', '20'],
    ['claude-opus-4', '15', '18.75', '30', '1.5', '75'],
    ['claude-opus-4-1', '15', '18.75', '30', '1.5', '75'],
    ['claude-sonnet-4', '3', '3.75', '6', '0.3', '15'],
    ['claude-sonnet-4-6', '3', '3.75', '6', '0.3', '15'],
    ['claude-sonnet-5', '2', '2.5', '4', '0.2', '10'],
    ['claude-sonnet-5-5', '2', '2.5', '4', '0.2', '10'],
    ['claude-haiku-4-5', '1', '1.25', '2', '0.1', '5'],
    ['claude-haiku-5-5', '0.5', '0.625', '1', '0.05', null], // a million tokens lie above its step
    ['claude-fable-5', '10', '12.5', '20', '1', '50'],
    ['claude-fable-5-1', '10', '12.5', '20', '0.25', '50'],
    ['gpt-5', '1.25', null, null, '0.125', '10'],
    ['gpt-5-codex', '1.25', null, null, '0.125', '10'],
    ['gpt-5-mini', '0.25', null, null, '0.025', '2'],
    ['gpt-5.3-codex', '1.75', null, null, '0.175', '14'],
  ])('%s has the published prices', (model, input, write5m, write1h, read, output) => {
    const nanos = (dollars: string | null) => (dollars === null ? null : BigInt(Math.round(Number(dollars) * 1e9)));
    expect(prices.costNanos(model, billed(MILLION, 0, 0, 0, 0), AT)).toBe(nanos(input));
    expect(prices.costNanos(model, billed(0, 0, MILLION, 0, 0), AT)).toBe(nanos(write5m));
    expect(prices.costNanos(model, billed(0, 0, 0, MILLION, 0), AT)).toBe(nanos(write1h));
    expect(prices.costNanos(model, billed(0, MILLION, 0, 0, 0), AT)).toBe(nanos(read));
    if (output) expect(prices.costNanos(model, billed(0, 0, 0, 0, MILLION), AT)).toBe(nanos(output));
  });

  it('changes at the first instant of the date a price is valid from', () => {
    const change = Date.UTC(2026, 9, 7);
    expect(prices.costNanos('claude-sonnet-5-5', billed(0, 1000, 0, 0, 0), change - 1)).toBe(200_000n);
    expect(prices.costNanos('claude-sonnet-5-5', billed(0, 1000, 0, 0, 0), change)).toBe(100_000n);
    expect(prices.costNanos('claude-sonnet-5-5', billed(0, 1000, 0, 0, 0), Date.UTC(2001, 0, 1))).toBe(200_000n);
  });

  it('takes the higher step only above its limit, counting cached tokens, and never for sums of a run', () => {
    const cost = (input: number, read: number, options?: { baseStep: boolean }) =>
      prices.costNanos('claude-haiku-5-5', billed(input, read, 0, 0, 10), AT, options);
    expect(cost(100_000, 0)).toBe(10_005_000n); // 100,000 × 0.10 + 10 × 0.50 per million
    expect(cost(100_000, 1)).toBe(50_025_050n); // 100,000 × 0.50 + 1 × 0.05 + 10 × 2.50 per million
    expect(cost(100_000, 1, { baseStep: true })).toBe(10_005_010n);
    expect(prices.costNanos('gpt-5.4', billed(272_000, 0, 0, 0, 0), AT)).toBe(680_000_000n);
    expect(prices.costNanos('gpt-5.4', billed(272_001, 0, 0, 0, 2), AT)).toBe(1_360_050_000n); // 272,001 × 5 + 2 × 22.5
    expect(prices.costNanos('gpt-5.5', billed(300_000, 100_000, 0, 0, 1), AT)).toBe(3_100_045_000n);
  });

  it('is unknown for a model without a price, and for tokens of a kind that has none', () => {
    expect(prices.costNanos('claude-3-haiku', billed(1, 0, 0, 0, 1), AT)).toBeNull();
    expect(prices.costNanos('gpt-5', billed(1, 0, 5, 0, 1), AT)).toBeNull();
    expect(prices.costNanos('', billed(1, 0, 0, 0, 1), AT)).toBeNull();
  });

  it('is exact for counts that no double could multiply', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(prices.costNanos('claude-opus-4', billed(0, 0, 0, 0, most), AT)).toBe(BigInt(most) * 75_000n);
  });

  it('rounds half a nano-dollar to the even one', () => {
    const table = priceTable({
      source: 'test',
      date: '2026-01-01',
      prices: [{ models: ['m'], input: '0.0005', output: 0 }],
    });
    // 0.0005 dollars per million tokens are half a nano-dollar per token
    const costs = [0, 1, 2, 3, 4, 5, 7].map((tokens) => table.costNanos('m', billed(tokens, 0, 0, 0, 0), AT));
    expect(costs).toEqual([0n, 0n, 1n, 2n, 2n, 2n, 4n]);
  });
});

describe('properties', () => {
  const tokens = fc.integer({ min: 0, max: 90_000 });
  const usage = fc.tuple(tokens, tokens, tokens, tokens, tokens);
  const model = fc.constantFrom(...BUILT_IN_PRICES.prices.flatMap(({ models }) => models));

  it('a token more never costs less', () => {
    fc.assert(
      fc.property(model, usage, fc.nat({ max: 4 }), (name, counts, which) => {
        const more = counts.map((n, index) => (index === which ? n + 1 : n)) as typeof counts;
        const [cost, higher] = [counts, more].map((n) => prices.costNanos(name, billed(...n), AT));
        expect(cost === null || higher === null || (cost !== undefined && higher !== undefined && cost <= higher)).toBe(
          true,
        );
      }),
    );
  });

  it('half-even division is within half of the divisor, and even on a tie', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 30n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        (value, divisor) => {
          const rounded = divideHalfEven(value, divisor);
          const twiceOff = 2n * (rounded * divisor - value);
          const distance = twiceOff < 0n ? -twiceOff : twiceOff;
          expect(distance < divisor || (distance === divisor && rounded % 2n === 0n)).toBe(true);
        },
      ),
    );
  });
});

describe('the name of a model', () => {
  it.each([
    'claude-opus-4-5',
    'claude-opus-4-5-20251101',
    'claude-opus-4-5-2025-11-01',
    'claude-opus-4-5@20251101',
    'claude-opus-4-5-latest',
    'anthropic/claude-opus-4-5',
    'us.anthropic.claude-opus-4-5-20251101',
    'anthropic.claude-opus-4-5',
    'bedrock/eu.anthropic.claude-opus-4-5',
    'claude-opus-4-5[1m]',
    'claude-opus-4-5-20251101[1m]',
  ])('%s is claude-opus-4-5', (model) => {
    expect(tableNames(model)).toContain('claude-opus-4-5');
    expect(prices.costNanos(model, billed(1, 0, 0, 0, 0), AT)).toBe(5000n);
  });

  it.each([
    'claude-opus-4-5-preview',
    'claude-opus-4-5-20251301',
    'claude-opus-4-5-2025',
    'Claude-opus-4-5',
    'xclaude-opus-4-5',
    'claude-opus-4-55',
    'claude-opus-4-5-latest-20251101',
    'somewhere/claude-opus-4-5',
    'claude-opus-4-5[2m]',
    'claude-opus',
    'gpt-5.4-mini',
  ])('%s is unknown', (model) => {
    expect(prices.costNanos(model, billed(1, 0, 0, 0, 0), AT)).toBeNull();
  });
});

describe('a price file of one’s own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prices-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let count = 0;
  const file = (content: unknown): string => {
    const path = join(folder, `prices-${(count += 1)}.json`);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const row = { models: ['house-model'], input: 1, output: '2e0' };
  const table = (prices: unknown) => ({ source: 'us', date: '2026-01-01', prices });

  it('replaces the built-in prices', () => {
    const own = loadPrices(file(table([row])));
    expect(own.costNanos('house-model', billed(1, 0, 0, 0, 1), AT)).toBe(3000n);
    expect(own.costNanos('claude-opus-5', billed(1, 0, 0, 0, 1), AT)).toBeNull();
  });

  it.each([
    [table([row, { ...row, models: ['b'], input: '-1' }]), 'prices[1].input: must be US dollars'],
    [
      table([{ ...row, steps: [{ aboveInputTokens: 1.5, input: 1, output: 1 }] }]),
      'prices[0].steps[0].aboveInputTokens',
    ],
    [table([{ ...row, validFrom: '2026-02-30' }]), 'prices[0].validFrom: must be a date'],
    [table([{ ...row, validFrom: '2026-02-03', validTo: '2026-02-03' }]), 'prices[0].validTo: must lie after'],
    [table([row, row]), 'prices[1]: house-model has another price at the same time in prices[0]'],
    [table([{ ...row, cacheread: 1 }]), 'prices[0]'],
    [table({}), 'prices: must be a list'],
    [[], 'the file'],
    ['{', 'JSON'],
  ])('is refused with its place: %j', (content, message) => {
    const path = file(content);
    expect(() => loadPrices(path)).toThrow(message);
    expect(() => loadPrices(path)).toThrow(path);
  });

  it('has a hash that tells its prices, not how they are written', () => {
    const hash = (prices: unknown) => priceTable(table(prices)).hash;
    const other = { ...row, models: ['b'] };
    expect(hash([row, other])).toBe(hash([{ ...row, models: ['b', 'house-model'], input: '1.00', output: 2 }]));
    expect(hash([row])).not.toBe(hash([{ ...row, input: 1.01 }]));
    expect(hash([row])).not.toBe(hash([{ ...row, validTo: '2030-01-01' }]));
    expect(prices.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});
