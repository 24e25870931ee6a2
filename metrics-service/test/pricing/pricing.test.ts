import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CallTerms, loadPrices, type Usage } from '../../src/pricing/index.js';
import { BUILT_IN_PRICES } from '../../src/pricing/prices.js';
import { divideHalfEven } from '../../src/pricing/cost.js';
import { priceTable } from '../../src/pricing/table.js';

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

describe('what a call says of itself', () => {
  const million = billed(MILLION, 0, 0, 0, 0);
  const usd = (model: string, terms: CallTerms, usage = million) => {
    const nanos = prices.costNanos(model, usage, AT, terms);
    return nanos === null ? null : Number(nanos) / 1e9;
  };

  it('has prices and factors of its own', () => {
    expect(usd('claude-opus-4-6', { speed: 'fast' })).toBe(30);
    expect(usd('claude-opus-4-6', { region: 'us' })).toBe(5.5);
    expect(usd('claude-opus-4-6', { tier: 'batch' })).toBe(2.5);
    expect(usd('claude-opus-4-6', { webSearches: 2 })).toBe(5.02);
    // 5 × 6 × 1.1 × 0.5, and searches have no factor
    expect(usd('claude-opus-4-6', { speed: 'fast', region: 'us', tier: 'batch', webSearches: 3 })).toBe(16.53);
    expect(usd('claude-opus-4-6', { speed: 'fast' }, billed(0, MILLION, MILLION, MILLION, MILLION))).toBe(250.5);
    expect(usd('gpt-5.6-sol', { tier: 'priority' }, billed(200_000, 0, 0, 0, 1000))).toBe(2.06); // before August
    expect(usd('gpt-5.4', { tier: 'flex' }, billed(0, 100_000, 0, 0, 0))).toBe(0.013);
    expect(usd('gpt-5.4', { tier: 'flex' }, billed(MILLION, 0, 0, 0, 0))).toBe(2.5);
  });

  it.each<CallTerms>([
    { tier: 'standard', speed: 'standard', region: 'global' },
    { tier: 'default', speed: 'normal', region: 'not_available' },
    { tier: 'auto', speed: '', region: '' },
    { tier: null, speed: null, region: null, webSearches: 0 },
    { tier: 'Standard', speed: 'Normal', region: 'GLOBAL' },
  ])('is the standard: %j', (terms) => expect(usd('claude-opus-4-6', terms)).toBe(5));

  it.each<[string, CallTerms]>([
    ['claude-opus-4-6', { tier: 'priority' }],
    ['claude-opus-4-6', { tier: 'provisioned' }],
    ['claude-opus-4-6', { speed: 'slow' }],
    ['claude-sonnet-5', { speed: 'fast' }],
    ['claude-opus-4-5', { region: 'us' }],
    ['claude-opus-4-6', { region: 'eu' }],
    ['claude-opus-4-6', { region: 'constructor' }],
    ['codex-mini', { webSearches: 1 }],
    ['gpt-5.4', { tier: 'priority' }], // a million tokens are a long prompt, for which it has no price
  ])('is unknown where the list does not know it: %s %j', (model, terms) => expect(usd(model, terms)).toBeNull());

  it('is rounded once, after all factors', () => {
    const table = priceTable({
      source: 'test',
      date: '2026-01-01',
      prices: [
        {
          models: ['m'],
          input: '0.0005',
          output: 0,
          speeds: { fast: '1.5' },
          regions: { us: 2 },
          webSearch: '0.0000000005',
        },
      ],
    });
    const cost = (tokens: number, terms: CallTerms) => table.costNanos('m', billed(tokens, 0, 0, 0, 0), AT, terms);
    expect(cost(1, { speed: 'fast', region: 'us' })).toBe(2n); // 1.5 nano-dollars: to the even one
    expect(cost(1, { speed: 'fast' })).toBe(1n); // 0.75
    expect(cost(1, { webSearches: 1 })).toBe(1n); // 0.5 + 0.5
    expect(cost(3, { speed: 'fast', webSearches: 1 })).toBe(3n); // 2.25 + 0.5
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
    [table([{ ...row, tiers: { batch: 'half' } }]), 'prices[0].tiers.batch: must be a factor'],
    [table([{ ...row, speeds: { fast: -1 } }]), 'prices[0].speeds.fast: must be a factor'],
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
    expect(hash([row])).not.toBe(hash([{ ...row, speeds: { fast: 2 } }]));
    expect(hash([{ ...row, regions: { us: 1.1, eu: '1.10' } }])).toBe(
      hash([{ ...row, regions: { eu: 1.1, us: 1.1 } }]),
    );
    expect(prices.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});
