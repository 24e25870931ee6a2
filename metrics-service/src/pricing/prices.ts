import { ANTHROPIC } from './lists/anthropic.js';
import { GOOGLE } from './lists/google.js';
import { OPENAI } from './lists/openai.js';
import type { PriceFile } from './schema.js';

/**
 * Built-in prices in US dollars per million tokens. A price that is missing is unknown, and so is the cost of
 * what needs it. `validFrom` is the first instant, `validTo` the first instant after.
 */
export const BUILT_IN_PRICES: PriceFile = {
  source:
    'Price lists published by Anthropic, OpenAI and Google, compared with those of LiteLLM 1.110.2 and genai-prices 0.2.3',
  date: '2026-11-28',
  prices: [...ANTHROPIC, ...OPENAI, ...GOOGLE],
};
