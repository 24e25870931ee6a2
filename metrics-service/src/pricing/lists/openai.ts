import type { PriceRow } from '../schema.js';

/** Where these were looked up: the price list, and its pages on models, fast mode and data residency. */
const LOOKED_UP = { source: 'https://developers.openai.com/api/docs/pricing', date: '2026-11-28' } as const;
const SEARCH = '0.01';
/** Priority processing has been called fast mode since July 2026; a call may say either. */
const twice = { priority: '2', fast: '2' } as const;
const half = { batch: '0.5', flex: '0.5' } as const;
const ALL_TIERS = { ...half, ...twice } as const;
const ULTRAFAST = { ...ALL_TIERS, ultrafast: '6' } as const;
/** Endpoints with data residency cost a tenth more for models released since March 2026. */
const RESIDENCY = { us: '1.1', eu: '1.1' } as const;

export const OPENAI: PriceRow[] = [
  { models: ['codex-mini'], input: '1.5', cacheRead: '0.375', output: '6', ...LOOKED_UP },
  {
    models: ['gpt-5', 'gpt-5.1'],
    ...{ input: '1.25', cacheRead: '0.125', output: '10', tiers: ALL_TIERS, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5-codex', 'gpt-5.1-codex'],
    ...{ input: '1.25', cacheRead: '0.125', output: '10', tiers: twice, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.1-codex-max', 'gpt-5-chat', 'gpt-5.1-chat'],
    ...{ input: '1.25', cacheRead: '0.125', output: '10', ...LOOKED_UP },
  },
  {
    models: ['gpt-5-mini'],
    ...{ input: '0.25', cacheRead: '0.025', output: '2' },
    ...{ tiers: { ...half, priority: '1.8', fast: '1.8' }, webSearch: SEARCH, ...LOOKED_UP },
  },
  { models: ['gpt-5.1-codex-mini'], input: '0.25', cacheRead: '0.025', output: '2', ...LOOKED_UP },
  {
    models: ['gpt-5-nano'],
    ...{ input: '0.05', cacheRead: '0.005', output: '0.4', tiers: half, webSearch: SEARCH, ...LOOKED_UP },
  },
  { models: ['gpt-5-pro'], input: '15', output: '120', tiers: { batch: '0.5' }, webSearch: SEARCH, ...LOOKED_UP },
  {
    models: ['gpt-5.2'],
    ...{ input: '1.75', cacheRead: '0.175', output: '14', tiers: ALL_TIERS, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.2-codex', 'gpt-5.2-chat', 'gpt-5.3-chat'],
    ...{ input: '1.75', cacheRead: '0.175', output: '14', ...LOOKED_UP },
  },
  { models: ['gpt-5.2-pro'], input: '21', output: '168', tiers: { batch: '0.5' }, webSearch: SEARCH, ...LOOKED_UP },
  {
    models: ['gpt-5.3-codex'],
    ...{ input: '1.75', cacheRead: '0.175', output: '14', tiers: twice, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.4'],
    ...{ input: '2.5', cacheRead: '0.25', output: '15' },
    steps: [{ aboveInputTokens: 272_000, input: '5', cacheRead: '0.5', output: '22.5' }],
    tiers: {
      // cached input is published rounded
      batch: {
        ...{ input: '1.25', cacheRead: '0.13', output: '7.5' },
        steps: [{ aboveInputTokens: 272_000, input: '2.5', cacheRead: '0.25', output: '11.25' }],
      },
      flex: {
        ...{ input: '1.25', cacheRead: '0.13', output: '7.5' },
        steps: [{ aboveInputTokens: 272_000, input: '2.5', cacheRead: '0.25', output: '11.25' }],
      },
      priority: { input: '5', cacheRead: '0.5', output: '30' },
      fast: { input: '5', cacheRead: '0.5', output: '30' },
    },
    ...{ regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.4-mini'],
    ...{ input: '0.75', cacheRead: '0.075', output: '4.5' },
    ...{ tiers: ALL_TIERS, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.4-nano'],
    ...{ input: '0.20', cacheRead: '0.02', output: '1.25' },
    ...{ tiers: half, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.4-pro'],
    ...{ input: '30', output: '180' },
    steps: [{ aboveInputTokens: 272_000, input: '60', output: '270' }],
    ...{ tiers: half, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.5'],
    ...{ input: '5', cacheRead: '0.5', output: '30' },
    steps: [{ aboveInputTokens: 272_000, input: '10', cacheRead: '1', output: '45' }],
    tiers: {
      ...half,
      priority: { input: '12.5', cacheRead: '1.25', output: '75' },
      fast: { input: '12.5', cacheRead: '1.25', output: '75' },
    },
    ...{ regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.5-pro'],
    ...{ input: '30', output: '180' },
    steps: [{ aboveInputTokens: 272_000, input: '60', output: '270' }],
    tiers: { batch: { input: '15', output: '90' }, flex: { input: '15', output: '90' } },
    ...{ regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.6', 'gpt-5.6-sol'],
    validTo: '2026-08-21',
    ...{ input: '5', cacheWrite5m: '6.25', cacheRead: '0.5', output: '30' },
    steps: [{ aboveInputTokens: 272_000, input: '10', cacheWrite5m: '12.5', cacheRead: '1', output: '45' }],
    ...{ tiers: ALL_TIERS, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.6', 'gpt-5.6-sol'],
    validFrom: '2026-08-21',
    ...{ input: '4', cacheWrite5m: '5', cacheRead: '0.4', output: '20' },
    steps: [{ aboveInputTokens: 272_000, input: '8', cacheWrite5m: '10', cacheRead: '0.8', output: '30' }],
    ...{ tiers: ALL_TIERS, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.6-terra'],
    validTo: '2026-07-30',
    ...{ input: '2.5', cacheWrite5m: '3.125', cacheRead: '0.25', output: '15' },
    steps: [{ aboveInputTokens: 272_000, input: '5', cacheWrite5m: '6.25', cacheRead: '0.5', output: '22.5' }],
    ...{ tiers: ALL_TIERS, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.6-terra'],
    validFrom: '2026-07-30',
    ...{ input: '2', cacheWrite5m: '2.5', cacheRead: '0.2', output: '12' },
    steps: [{ aboveInputTokens: 272_000, input: '4', cacheWrite5m: '5', cacheRead: '0.4', output: '18' }],
    ...{ tiers: ALL_TIERS, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.6-luna'],
    validTo: '2026-07-30',
    ...{ input: '1', cacheWrite5m: '1.25', cacheRead: '0.1', output: '6' },
    steps: [{ aboveInputTokens: 272_000, input: '2', cacheWrite5m: '2.5', cacheRead: '0.2', output: '9' }],
    ...{ tiers: ALL_TIERS, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-5.6-luna'],
    validFrom: '2026-07-30',
    ...{ input: '0.2', cacheWrite5m: '0.25', cacheRead: '0.02', output: '1.2' },
    steps: [{ aboveInputTokens: 272_000, input: '0.4', cacheWrite5m: '0.5', cacheRead: '0.04', output: '1.8' }],
    ...{ tiers: ALL_TIERS, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-6-astra'],
    ...{ input: '10', cacheWrite5m: '12.5', cacheRead: '1', output: '50' },
    steps: [{ aboveInputTokens: 272_000, input: '20', cacheWrite5m: '25', cacheRead: '2', output: '75' }],
    ...{ tiers: ULTRAFAST, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-6-sol'],
    ...{ input: '2', cacheWrite5m: '2.5', cacheRead: '0.2', output: '10' },
    steps: [{ aboveInputTokens: 272_000, input: '4', cacheWrite5m: '5', cacheRead: '0.4', output: '15' }],
    ...{ tiers: ALL_TIERS, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-6-luna'],
    ...{ input: '0.1', cacheWrite5m: '0.125', cacheRead: '0.01', output: '0.5' },
    steps: [{ aboveInputTokens: 272_000, input: '0.2', cacheWrite5m: '0.25', cacheRead: '0.02', output: '0.75' }],
    ...{ tiers: ALL_TIERS, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-6.1-sol'],
    ...{ input: '2', cacheWrite5m: '2.5', cacheRead: '0.1', output: '10' },
    steps: [{ aboveInputTokens: 272_000, input: '4', cacheWrite5m: '5', cacheRead: '0.2', output: '15' }],
    ...{ tiers: ULTRAFAST, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-6.1-terra'],
    ...{ input: '1', cacheWrite5m: '1.25', cacheRead: '0.05', output: '5' },
    steps: [{ aboveInputTokens: 272_000, input: '2', cacheWrite5m: '2.5', cacheRead: '0.1', output: '7.5' }],
    ...{ tiers: ALL_TIERS, regions: RESIDENCY, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gpt-6.2-astra'],
    ...{ input: '8', cacheWrite5m: '10', cacheRead: '0.4', output: '40' },
    steps: [{ aboveInputTokens: 272_000, input: '16', cacheWrite5m: '20', cacheRead: '0.8', output: '60' }],
    ...{ tiers: { batch: '0.5', ...twice }, ...LOOKED_UP },
  },
  {
    models: ['gpt-6.2-sol'],
    ...{ input: '2', cacheWrite5m: '2.5', cacheRead: '0.1', output: '10' },
    steps: [{ aboveInputTokens: 272_000, input: '4', cacheWrite5m: '5', cacheRead: '0.2', output: '15' }],
    ...{ tiers: { batch: '0.5', ...twice }, ...LOOKED_UP },
  },
];
