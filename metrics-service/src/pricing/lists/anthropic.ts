import type { PriceRow } from '../schema.js';

/** Where these were looked up: the price list, and its pages on fast mode, data residency and Bedrock. */
const LOOKED_UP = { source: 'https://platform.claude.com/docs/en/about-claude/pricing', date: '2026-11-28' } as const;
/** Half of everything, cached tokens included. */
const BATCH = { batch: '0.5' } as const;
/** Inference in the United States, for models since Opus 4.6; not available for others. */
const RESIDENCY = { us: '1.1' } as const;
/** Bedrock's regional prefixes: since the 4.5 generation they cost a tenth more than the global one. */
const BEDROCK = { us: '1.1', eu: '1.1', apac: '1.1', au: '1.1', jp: '1.1' } as const;
const BEDROCK_AND_GOVERNMENT = { ...BEDROCK, 'us-gov': '1.2' } as const;
const BEDROCK_BEFORE = { us: '1', eu: '1', apac: '1' } as const;
/** Ten dollars per thousand. */
const SEARCH = '0.01';

export const ANTHROPIC: PriceRow[] = [
  {
    models: ['claude-3-5-haiku'],
    ...{ input: '0.80', cacheWrite5m: '1', cacheWrite1h: '1.6', cacheRead: '0.08', output: '4' },
    ...{ tiers: BATCH, prefixes: BEDROCK_BEFORE, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-3-5-sonnet', 'claude-3-7-sonnet'],
    ...{ input: '3', cacheWrite5m: '3.75', cacheWrite1h: '6', cacheRead: '0.30', output: '15' },
    ...{ tiers: BATCH, prefixes: { ...BEDROCK_BEFORE, 'us-gov': '1.2' }, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-opus-4', 'claude-opus-4-0', 'claude-opus-4-1'],
    ...{ input: '15', cacheWrite5m: '18.75', cacheWrite1h: '30', cacheRead: '1.50', output: '75' },
    ...{ tiers: BATCH, prefixes: BEDROCK_BEFORE, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-sonnet-4', 'claude-sonnet-4-0'],
    ...{ input: '3', cacheWrite5m: '3.75', cacheWrite1h: '6', cacheRead: '0.30', output: '15' },
    ...{ tiers: BATCH, prefixes: BEDROCK_BEFORE, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-sonnet-4-5'],
    ...{ input: '3', cacheWrite5m: '3.75', cacheWrite1h: '6', cacheRead: '0.30', output: '15' },
    ...{ tiers: BATCH, prefixes: BEDROCK_AND_GOVERNMENT, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-haiku-4-5'],
    ...{ input: '1', cacheWrite5m: '1.25', cacheWrite1h: '2', cacheRead: '0.10', output: '5' },
    ...{ tiers: BATCH, prefixes: BEDROCK_AND_GOVERNMENT, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-opus-4-5'],
    ...{ input: '5', cacheWrite5m: '6.25', cacheWrite1h: '10', cacheRead: '0.50', output: '25' },
    ...{ tiers: BATCH, prefixes: BEDROCK, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-opus-4-6', 'claude-opus-4-7'],
    ...{ input: '5', cacheWrite5m: '6.25', cacheWrite1h: '10', cacheRead: '0.50', output: '25' },
    ...{ tiers: BATCH, speeds: { fast: '6' }, regions: RESIDENCY, prefixes: BEDROCK, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-opus-4-8', 'claude-opus-5'],
    ...{ input: '5', cacheWrite5m: '6.25', cacheWrite1h: '10', cacheRead: '0.50', output: '25' },
    ...{ tiers: BATCH, speeds: { fast: '2' }, regions: RESIDENCY },
    ...{ prefixes: BEDROCK_AND_GOVERNMENT, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-opus-5-5'],
    ...{ input: '4', cacheWrite5m: '5', cacheWrite1h: '8', cacheRead: '0.20', output: '20' },
    ...{ tiers: BATCH, speeds: { fast: '2' }, regions: RESIDENCY },
    ...{ prefixes: BEDROCK_AND_GOVERNMENT, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-sonnet-4-6'],
    ...{ input: '3', cacheWrite5m: '3.75', cacheWrite1h: '6', cacheRead: '0.30', output: '15' },
    ...{ tiers: BATCH, regions: RESIDENCY, prefixes: BEDROCK, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-sonnet-5'],
    ...{ input: '2', cacheWrite5m: '2.5', cacheWrite1h: '4', cacheRead: '0.20', output: '10' },
    ...{ tiers: BATCH, regions: RESIDENCY, prefixes: BEDROCK_AND_GOVERNMENT, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-sonnet-5-5'],
    validTo: '2026-10-07',
    ...{ input: '2', cacheWrite5m: '2.5', cacheWrite1h: '4', cacheRead: '0.20', output: '10' },
    ...{ tiers: BATCH, regions: RESIDENCY, prefixes: BEDROCK_AND_GOVERNMENT, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-sonnet-5-5'],
    validFrom: '2026-10-07',
    ...{ input: '2', cacheWrite5m: '2.5', cacheWrite1h: '4', cacheRead: '0.10', output: '10' },
    ...{ tiers: BATCH, regions: RESIDENCY, prefixes: BEDROCK_AND_GOVERNMENT, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-haiku-5-5'],
    ...{ input: '0.10', cacheWrite5m: '0.125', cacheWrite1h: '0.20', cacheRead: '0.01', output: '0.50' },
    steps: [
      {
        aboveInputTokens: 100_000,
        ...{ input: '0.50', cacheWrite5m: '0.625', cacheWrite1h: '1.00', cacheRead: '0.05', output: '2.50' },
      },
    ],
    ...{ tiers: BATCH, regions: RESIDENCY, prefixes: BEDROCK_AND_GOVERNMENT, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-fable-5', 'claude-mythos-5'],
    ...{ input: '10', cacheWrite5m: '12.5', cacheWrite1h: '20', cacheRead: '1', output: '50' },
    ...{ tiers: BATCH, regions: RESIDENCY, prefixes: BEDROCK, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-fable-5-1', 'claude-mythos-5-1'],
    ...{ input: '10', cacheWrite5m: '12.5', cacheWrite1h: '20', cacheRead: '0.25', output: '50' },
    ...{ tiers: BATCH, regions: RESIDENCY, prefixes: BEDROCK_AND_GOVERNMENT, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['claude-fable-5-2', 'claude-mythos-5-2'],
    ...{ input: '8', cacheWrite5m: '10', cacheWrite1h: '16', cacheRead: '0.20', output: '40' },
    ...{ tiers: BATCH, speeds: { fast: '2' }, regions: RESIDENCY, prefixes: BEDROCK, webSearch: SEARCH, ...LOOKED_UP },
  },
];
