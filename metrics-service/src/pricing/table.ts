import { createHash } from 'node:crypto';
import { costOf } from './cost.js';
import { readPrices, type DatedPrice } from './dated-price.js';
import { tableNames, type TableName } from './model-name.js';
import type { PriceTable, Usage } from './types.js';

const MOST_NAMES_REMEMBERED = 10_000;
const UNCACHED = { cacheReadTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0 };
/** Changes when more is computed from the prices than before, so that stored rows are brought to it. */
const COMPUTED = 'cost, cache savings';

/** A model's prices over time, and the name they were found under. */
interface Found extends Omit<TableName, 'name'> {
  prices: readonly DatedPrice[];
}

/**
 * Builds the table from the parsed content of a price file.
 * @throws Error naming the place in the file: `prices[3].input: must be …`
 */
export function priceTable(content: unknown): PriceTable {
  const dated = readPrices(content);
  const byModel = grouped(dated);
  const remembered = new Map<string, Found>();

  function find(model: string): Found {
    const known = remembered.get(model);
    if (known) return known;
    const match = tableNames(model).find(({ name }) => byModel.has(name));
    const found: Found = {
      prices: match ? byModel.get(match.name)! : [],
      prefix: match?.prefix ?? null,
      fast: match?.fast ?? false,
    };
    if (remembered.size >= MOST_NAMES_REMEMBERED) remembered.clear();
    remembered.set(model, found);
    return found;
  }

  /** What usage costs by the price in force then; null: none is known. */
  function pricing(
    model: string,
    atMs: number,
    terms: Parameters<PriceTable['costNanos']>[3] = {},
  ): (usage: Usage) => bigint | null {
    const { prices, prefix, fast } = find(model);
    const price = prices.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
    if (!price) return () => null;
    const asked = { ...terms, speed: fast ? 'fast' : terms.speed, prefix };
    return (usage) => costOf(price, usage, asked);
  }

  return {
    hash: contentHash(dated),
    costNanos: (model, usage, atMs, terms) => pricing(model, atMs, terms)(usage),
    priced(model, usage, atMs, terms) {
      const costOfUsage = pricing(model, atMs, terms);
      const costNanos = costOfUsage(usage);
      if (costNanos === null) return null;
      if (usage.cacheReadTokens === 0 && usage.cacheWriteTokens === 0) return { costNanos, cacheSavingsNanos: 0n };
      return { costNanos, cacheSavingsNanos: costOfUsage({ ...usage, ...UNCACHED })! - costNanos };
    },
  };
}

function grouped(prices: DatedPrice[]): Map<string, DatedPrice[]> {
  const byModel = new Map<string, DatedPrice[]>();
  for (const price of prices) byModel.set(price.model, [...(byModel.get(price.model) ?? []), price]);
  return byModel;
}

/** Depends on the prices and what is computed from them only, not on how the file writes, orders or groups them. */
function contentHash(prices: DatedPrice[]): string {
  const rows = prices.map((price) =>
    JSON.stringify(price, (_key, value: unknown) =>
      typeof value === 'bigint' || typeof value === 'number' ? String(value) : value,
    ),
  );
  return createHash('sha256')
    .update([COMPUTED, ...rows.sort()].join('\n'))
    .digest('hex');
}
