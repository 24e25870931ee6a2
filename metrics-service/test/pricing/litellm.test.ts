import { describe, expect, it } from '@jest/globals';
import { priceTable } from '../../src/pricing/table.js';
import { readLiteLlm } from '../../src/pricing/litellm.js';
import { mergeLists } from '../../src/pricing/merge-lists.js';
import type { PriceFile } from '../../src/pricing/schema.js';

const TODAY = '2026-11-28';
const BEFORE = Date.UTC(2026, 10, 27, 23, 59);
const AFTER = Date.UTC(2026, 10, 28);

/** In the manner of LiteLLM's file, with its floating point. */
const LITELLM = {
  sample_spec: { input_cost_per_token: 0.0, mode: 'one of: chat, …' },
  'house/large': {
    ...{ mode: 'chat', input_cost_per_token: 3e-6, output_cost_per_token: 1.5e-5, cache_read_input_token_cost: 3e-7 },
    ...{ cache_creation_input_token_cost: 3.75e-6, cache_creation_input_token_cost_above_1hr: 6e-6 },
    ...{ input_cost_per_token_batches: 1.5e-6, output_cost_per_token_batches: 7.5e-6 },
    ...{ cache_read_input_token_cost_batches: 1.5e-7, cache_creation_input_token_cost_batches: 1.875e-6 },
    provider_specific_entry: { us: 1.1, fast: 6.0, other: 'x' },
    search_context_cost_per_query: { search_context_size_low: 0.008, search_context_size_medium: 0.01 },
    source: 'https://house.example/prices',
  },
  'house/stepped': {
    ...{ mode: 'responses', input_cost_per_token: 1.0000000000000001e-7, output_cost_per_token: 5e-7 },
    ...{ input_cost_per_token_above_272k_tokens: 2e-7, output_cost_per_token_above_272k_tokens: 7.5e-7 },
    ...{ input_cost_per_token_priority: 2e-7, output_cost_per_token_priority: 1e-6 },
    ...{ input_cost_per_token_flex: 5e-8, output_cost_per_token_flex: 2.5e-7 },
    ...{ input_cost_per_token_above_272k_tokens_flex: 1e-7, output_cost_per_token_above_272k_tokens_flex: 3.75e-7 },
    regional_processing_uplift_multiplier_eu: 1.1,
  },
  'house/free': { mode: 'chat', input_cost_per_token: 0, output_cost_per_token: 0 },
  'house/by-image': { mode: 'image_generation', input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
  'house/alias': { mode: 'chat', litellm_provider: 'house' },
};
const { rows, leftOut } = readLiteLlm(LITELLM, TODAY);
const usage = (inputTokens: number, outputTokens = 0) => {
  return { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0 };
};

describe('the file of LiteLLM', () => {
  it('is read into our form', () => {
    expect(rows).toEqual([
      {
        models: ['house/large'],
        ...{ input: '3', output: '15', cacheRead: '0.3', cacheWrite5m: '3.75', cacheWrite1h: '6' },
        tiers: { batch: '0.5' },
        speeds: { fast: '6' },
        regions: { us: '1.1' },
        webSearch: '0.01',
        source: 'LiteLLM, of https://house.example/prices',
        date: TODAY,
      },
      {
        models: ['house/stepped'],
        ...{ input: '0.1', output: '0.5' },
        steps: [{ aboveInputTokens: 272_000, input: '0.2', output: '0.75' }],
        tiers: { flex: '0.5', priority: { input: '0.2', output: '1' } },
        regions: { eu: '1.1' },
        source: 'LiteLLM',
        date: TODAY,
      },
    ]);
    expect(leftOut).toBe(3);
  });

  it.each([[], null, 'x', {}, { a: { mode: 'chat' } }, { sample_spec: LITELLM['house/large'] }])(
    'is not %j',
    (content) => expect(() => readLiteLlm(content, TODAY)).toThrow(),
  );
});

describe('a list with the prices of another one', () => {
  const row = { models: ['house/large', 'house/other'], input: 3, output: '15.0', cacheRead: '0.3' };
  const own = (...prices: PriceFile['prices']): PriceFile => ({ source: 'ours', date: '2026-01-01', prices });
  const known = { ...row, ...{ cacheWrite5m: '3.75', cacheWrite1h: 6 }, tiers: { batch: 0.5 }, speeds: { fast: 6 } };
  const complete = { ...known, regions: { us: 1.1, eu: 1.2 }, webSearch: '0.01' };

  it('stays where it says the same, by whatever name', () => {
    expect(mergeLists(own(complete), [rows[0]!], TODAY)).toMatchObject({ changes: [], known: 1 });
    const bare = own({ ...complete, models: ['claude-x'], prefixes: { us: '1.1' } });
    const regional = { models: ['us.anthropic.claude-x-v1:0'], input: '3.3', output: '16.5', cacheRead: '0.33' };
    expect(mergeLists(bare, [regional], TODAY).changes).toEqual([]);
    expect(mergeLists(bare, [{ ...regional, output: '17' }], TODAY).changes).toMatchObject([{ before: null }]);
  });

  it('has a new price from that day on, and keeps what the other one does not say', () => {
    const { file, changes, known: count } = mergeLists(own({ ...complete, input: 4 }), rows, TODAY);
    expect(changes.map(({ model, before }) => [model, before?.input])).toEqual([
      ['house/large', 4],
      ['house/stepped', undefined],
    ]);
    expect(count).toBe(0);
    const table = priceTable(file);
    const cost = (model: string, atMs: number, terms = {}) =>
      Number(table.costNanos(model, usage(1_000_000), atMs, terms)) / 1e9;
    expect([cost('house/large', BEFORE), cost('house/large', AFTER), cost('house/other', AFTER)]).toEqual([4, 3, 4]);
    expect(cost('house/large', AFTER, { region: 'eu', speed: 'fast' })).toBeCloseTo(21.6);
    expect([cost('house/stepped', 0), cost('house/stepped', AFTER)]).toEqual([0.2, 0.2]);
    // and once it has them, it stays
    expect(mergeLists(file, rows, TODAY).changes).toEqual([]);
  });

  it('keeps prices that are to come, and replaces one that began that day', () => {
    const coming = own(
      { ...complete, input: 4, validTo: '2027-01-01' },
      { ...complete, validFrom: '2027-01-01', input: 5 },
    );
    const table = priceTable(mergeLists(coming, rows, TODAY).file);
    const at = (...dates: number[]) => dates.map((ms) => table.costNanos('house/large', usage(1_000), ms));
    expect(at(BEFORE, AFTER, Date.UTC(2027, 0, 1))).toEqual([4_000_000n, 3_000_000n, 5_000_000n]);
    const today = own({ ...complete, input: 4, validFrom: TODAY });
    expect(mergeLists(today, rows, TODAY).file.prices.filter(({ models }) => models[0] === 'house/large')).toHaveLength(
      1,
    );
  });
});
