import type { PriceTable } from '../pricing/types.js';

/** A call's cost: the reported one, else its tokens at the price in force at its time; null: no price is known. */
export function callCost(values: Record<string, unknown>, prices: PriceTable): string | null {
  if (values.reported_cost_nanos !== null) return values.reported_cost_nanos as string;
  const usage = {
    inputTokens: Number(values.input_tokens),
    outputTokens: Number(values.output_tokens),
    cacheReadTokens: Number(values.cache_read_tokens),
    cacheWriteTokens: Number(values.cache_write_tokens),
    cacheWrite1hTokens: Number(values.cache_write_1h_tokens),
  };
  const nanos = prices.costNanos(values.model as string, usage, Date.parse(values.at as string), {
    tier: values.tier as string | null,
    speed: values.speed as string | null,
    region: values.region as string | null,
    webSearches: values.web_searches === null ? null : Number(values.web_searches),
  });
  return nanos?.toString() ?? null;
}
