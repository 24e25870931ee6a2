import type { PriceRow } from '../schema.js';

/** Where these were looked up. Storage of caches is charged by the hour, which no call reports: it is left out. */
const LOOKED_UP = { source: 'https://ai.google.dev/gemini-api/docs/pricing', date: '2026-11-28' } as const;
const TIERS = { batch: '0.5', flex: '0.5', priority: '1.8' } as const;
const SEARCH = '0.014';

export const GOOGLE: PriceRow[] = [
  {
    models: ['gemini-2.5-pro'],
    ...{ input: '1.25', cacheRead: '0.125', output: '10' },
    steps: [{ aboveInputTokens: 200_000, input: '2.5', cacheRead: '0.25', output: '15' }],
    tiers: {
      // cached input costs the same in a batch
      batch: {
        ...{ input: '0.625', cacheRead: '0.125', output: '5' },
        steps: [{ aboveInputTokens: 200_000, input: '1.25', cacheRead: '0.25', output: '7.5' }],
      },
      flex: {
        ...{ input: '0.625', cacheRead: '0.125', output: '5' },
        steps: [{ aboveInputTokens: 200_000, input: '1.25', cacheRead: '0.25', output: '7.5' }],
      },
      priority: '1.8',
    },
    ...{ webSearch: '0.035', ...LOOKED_UP },
  },
  {
    models: ['gemini-2.5-flash'],
    ...{ input: '0.30', cacheRead: '0.03', output: '2.50' },
    tiers: {
      batch: { input: '0.15', cacheRead: '0.03', output: '1.25' },
      flex: { input: '0.15', cacheRead: '0.03', output: '1.25' },
      priority: '1.8',
    },
    ...{ webSearch: '0.035', ...LOOKED_UP },
  },
  {
    models: ['gemini-2.5-flash-lite'],
    ...{ input: '0.10', cacheRead: '0.01', output: '0.40' },
    tiers: {
      batch: { input: '0.05', cacheRead: '0.01', output: '0.20' },
      flex: { input: '0.05', cacheRead: '0.01', output: '0.20' },
      priority: '1.8',
    },
    ...{ webSearch: '0.035', ...LOOKED_UP },
  },
  {
    models: ['gemini-3-pro-preview', 'gemini-3.1-pro-preview', 'gemini-3.1-pro-preview-customtools'],
    ...{ input: '2', cacheRead: '0.20', output: '12' },
    steps: [{ aboveInputTokens: 200_000, input: '4', cacheRead: '0.40', output: '18' }],
    tiers: {
      batch: {
        ...{ input: '1', cacheRead: '0.20', output: '6' },
        steps: [{ aboveInputTokens: 200_000, input: '2', cacheRead: '0.40', output: '9' }],
      },
      flex: {
        ...{ input: '1', cacheRead: '0.20', output: '6' },
        steps: [{ aboveInputTokens: 200_000, input: '2', cacheRead: '0.40', output: '9' }],
      },
      priority: '1.8',
    },
    ...{ webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gemini-3-flash-preview'],
    ...{ input: '0.50', cacheRead: '0.05', output: '3' },
    tiers: {
      batch: { input: '0.25', cacheRead: '0.05', output: '1.50' },
      flex: { input: '0.25', cacheRead: '0.05', output: '1.50' },
      priority: '1.8',
    },
    ...{ webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gemini-3.1-flash-lite', 'gemini-3.1-flash-lite-preview'],
    ...{ input: '0.25', cacheRead: '0.025', output: '1.50', tiers: TIERS, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gemini-3.5-flash'],
    ...{ input: '1.50', cacheRead: '0.15', output: '9' },
    tiers: { batch: '0.5', flex: { input: '0.75', cacheRead: '0.08', output: '4.50' }, priority: '1.8' },
    ...{ webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gemini-3.5-flash-lite'],
    ...{ input: '0.30', cacheRead: '0.03', output: '2.50' },
    tiers: {
      batch: { input: '0.15', cacheRead: '0.02', output: '1.25' },
      flex: { input: '0.15', cacheRead: '0.02', output: '1.25' },
      priority: { input: '0.54', cacheRead: '0.05', output: '4.50' },
    },
    ...{ webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gemini-3.6-flash', 'gemini-3.7-flash', 'gemini-3.8-flash'],
    validTo: '2027-01-01',
    ...{ input: '0.75', cacheRead: '0.075', output: '3.75', tiers: TIERS, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gemini-3.6-flash', 'gemini-3.7-flash', 'gemini-3.8-flash'],
    validFrom: '2027-01-01',
    ...{ input: '1.50', cacheRead: '0.15', output: '7.50', tiers: TIERS, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gemini-4-argon'],
    validTo: '2026-12-01',
    ...{ input: '2', cacheRead: '0.10', output: '10', tiers: TIERS, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gemini-4-argon'],
    validFrom: '2026-12-01',
    ...{ input: '4', cacheRead: '0.20', output: '20', tiers: TIERS, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gemini-4-hydrogen'],
    ...{ input: '1.50', cacheRead: '0.075', output: '7.50', tiers: TIERS, webSearch: SEARCH, ...LOOKED_UP },
  },
  {
    models: ['gemini-4-neon'],
    ...{ input: '3', cacheRead: '0.15', output: '15', tiers: TIERS, webSearch: SEARCH, ...LOOKED_UP },
  },
];
