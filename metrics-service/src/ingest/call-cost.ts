import type { PriceTable } from '../pricing/types.js';

/** What is computed of a call from the prices; null: no price is known. */
export interface CallCost {
  /** the reported cost, else that of its tokens at the price in force at its time */
  readonly costNanos: string | null;
  /** at that price, whatever cost was reported */
  readonly cacheSavingsNanos: string | null;
}

/** Prices a call. Pure. */
export function callCost(values: Record<string, unknown>, prices: PriceTable): CallCost {
  const usage = {
    inputTokens: Number(values.input_tokens),
    outputTokens: Number(values.output_tokens),
    cacheReadTokens: Number(values.cache_read_tokens),
    cacheWriteTokens: Number(values.cache_write_tokens),
    cacheWrite1hTokens: Number(values.cache_write_1h_tokens),
  };
  const terms = {
    tier: values.tier as string | null,
    speed: values.speed as string | null,
    region: values.region as string | null,
    webSearches: values.web_searches === null ? null : Number(values.web_searches),
  };
  const priced = prices.priced(values.model as string, usage, Date.parse(values.at as string), terms);
  const reported = values.reported_cost_nanos as string | null;
  return {
    costNanos: reported ?? priced?.costNanos.toString() ?? null,
    cacheSavingsNanos: priced?.cacheSavingsNanos.toString() ?? null,
  };
}
