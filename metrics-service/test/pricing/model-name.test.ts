import { describe, expect, it } from '@jest/globals';
import { loadPrices } from '../../src/pricing/index.js';
import { priceTable } from '../../src/pricing/table.js';

const prices = loadPrices();
const AT = Date.UTC(2026, 5, 1);

/** What 100,000 input tokens cost, in US dollars. */
function cost(model: string, atMs = AT, table = prices): number | null {
  const usage = {
    inputTokens: 100_000,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
  };
  const nanos = table.costNanos(model, usage, atMs);
  return nanos === null ? null : Number(nanos) / 1e9;
}

describe('the name of a model', () => {
  it.each<[string, number]>([
    // its vendor's
    ['claude-opus-4-5', 0.5],
    ['claude-opus-4-5-20251101', 0.5],
    ['claude-opus-4-5-2025-11-01', 0.5],
    ['claude-opus-4-5-latest', 0.5],
    ['claude-opus-4-5[1m]', 0.5],
    ['claude-opus-4-5-20251101[1m]', 0.5],
    ['claude-3-7-sonnet-20250219', 0.3],
    ['claude-3-5-haiku-20241022', 0.08],
    ['claude-opus-4-0', 1.5],
    ['gpt-5.4-2026-03-05', 0.25],
    ['gpt-5-mini-2025-08-07', 0.025],
    ['gpt-5-chat-latest', 0.125],
    ['codex-mini-latest', 0.15],
    ['models/gemini-2.5-pro', 0.125],
    // Bedrock's
    ['anthropic.claude-opus-4-5', 0.5],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 0.33],
    ['global.anthropic.claude-opus-4-5-20251101-v1:0', 0.5],
    ['us.anthropic.claude-opus-4-6-v1', 0.55],
    ['apac.anthropic.claude-haiku-4-5-20251001-v1:0', 0.11],
    ['jp.anthropic.claude-sonnet-4-6', 0.33],
    ['us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0', 0.36],
    ['us.anthropic.claude-sonnet-4-20250514-v1:0', 0.3],
    ['eu.anthropic.claude-3-5-sonnet-20241022-v2:0', 0.3],
    ['bedrock/eu.anthropic.claude-opus-4-5', 0.55],
    ['bedrock/converse/us.anthropic.claude-opus-4-6-v1', 0.55],
    ['bedrock/us-east-1/anthropic.claude-opus-4-6-v1', 0.5],
    ['bedrock/us-gov-west-1/anthropic.claude-sonnet-4-5-20250929-v1:0', 0.36],
    ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0', 0.33],
    ['arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-7-sonnet-20250219-v1:0', 0.3],
    ['arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0', 0.12],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0[1m]', 0.33],
    // Vertex AI's
    ['claude-opus-4-5@20251101', 0.5],
    ['claude-sonnet-4@default', 0.3],
    ['vertex_ai/claude-opus-4-6@default', 0.5],
    ['publishers/anthropic/models/claude-sonnet-4-5@20250929', 0.3],
    // gateways'
    ['anthropic/claude-sonnet-4.5', 0.3],
    ['openrouter/anthropic/claude-opus-4.1', 1.5],
    ['anthropic/claude-sonnet-4-5:beta', 0.3],
    ['anthropic/claude-sonnet-4.5:1m', 0.3],
    ['anthropic/claude-3.7-sonnet', 0.3],
    ['anthropic/claude-4.5-sonnet-20250929', 0.3],
    ['anthropic/claude-4-sonnet-20250522', 0.3],
    ['claude-sonnet-3.7', 0.3],
    ['openai/gpt-5.1-codex', 0.125],
    ['azure/gpt-5.4-mini', 0.075],
    ['google/gemini-2.5-flash', 0.03],
    ['vercel_ai_gateway/anthropic/claude-haiku-4.5', 0.1],
    // the names of fast modes
    ['anthropic/claude-opus-4.6-fast', 3],
    ['anthropic/claude-4.6-opus-fast-20260407', 3],
    ['claude-opus-5-5-fast', 0.8],
  ])('%s costs %d', (model, usd) => {
    expect(cost(model)).toBe(usd);
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
    'claude-sonnet-5-fast',
    'claude-3-haiku',
    'sa.anthropic.claude-opus-4-6-v1',
    'us-gov.anthropic.claude-opus-4-6-v1',
    'azure/us/gpt-5.4',
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcd1234',
    'gpt-5.4-maxi',
    'gpt-5.3-codex-spark',
  ])('%s is unknown', (model) => {
    expect(cost(model)).toBeNull();
  });

  it('counts as it is written where the list has it so', () => {
    const rows = [
      { models: ['claude-x'], input: 1, output: 1, prefixes: { us: 2 } },
      { models: ['us.anthropic.claude-x-v1:0'], input: 5, output: 5 },
    ];
    const own = priceTable({ source: 'us', date: '2026-01-01', prices: rows });
    expect(cost('us.anthropic.claude-x-v1:0', AT, own)).toBe(0.5);
    expect(cost('bedrock/us.anthropic.claude-x-v1:0', AT, own)).toBe(0.5);
    expect(cost('us.anthropic.claude-x-v2:0', AT, own)).toBe(0.2);
    expect(cost('eu.anthropic.claude-x', AT, own)).toBeNull();
  });

  it('and the call may tell the same region once more', () => {
    const usage = {
      inputTokens: 100_000,
      outputTokens: 0,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
    };
    const nanos = prices.costNanos('us.anthropic.claude-opus-4-6-v1', usage, AT, { region: 'us' });
    expect(nanos).toBe(550_000_000n);
  });
});
