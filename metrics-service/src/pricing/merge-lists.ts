import { readRow, type DatedPrice } from './dated-price.js';
import type { PriceFile, PriceRow } from './schema.js';
import { priceTable } from './table.js';
import type { CallTerms, PriceTable, Usage } from './types.js';

export interface ListChange {
  model: string;
  /** the previous price; null if there was none under this name */
  before: PriceRow | null;
  after: PriceRow;
}

export interface MergedList {
  file: PriceFile;
  changes: ListChange[];
  /** how many models have the same price in both lists */
  known: number;
}

/**
 * Merges the prices of another list, which has no dates, into our own: where a price differs, our own ends on `from` (a
 * date) and the other one begins. What the other list does not contain (a fast mode, regions, models) is kept.
 */
export function mergeLists(own: PriceFile, rows: PriceRow[], from: string): MergedList {
  const fromMs = Date.parse(from);
  const prices = priceTable(own);
  const merged = new Map<string, PriceRow[]>();
  for (const row of own.prices) {
    for (const model of row.models) merged.set(model, [...(merged.get(model) ?? []), { ...row, models: [model] }]);
  }
  const changes: ListChange[] = [];
  for (const row of rows) {
    const model = row.models[0]!;
    if (isKnown(prices, row, fromMs)) continue;
    const before = merged.get(model)?.find((one) => isInForce(readRow(one), fromMs)) ?? null;
    const after = before ? following(before, row, from) : row;
    const others = (merged.get(model) ?? []).filter((one) => one !== before);
    const ended = before && (before.validFrom === undefined || Date.parse(before.validFrom) < fromMs);
    merged.set(model, [...others, ...(ended ? [{ ...before, validTo: from }] : []), after]);
    changes.push({ model, before, after });
  }
  return {
    file: { ...own, date: from, prices: [...merged.values()].flat() },
    changes,
    known: rows.length - changes.length,
  };
}

function isInForce({ fromMs, toMs }: Pick<DatedPrice, 'fromMs' | 'toMs'>, atMs: number): boolean {
  return fromMs <= atMs && atMs < toMs;
}

/** The price that follows `before`: the other list's, with what it does not contain from `before`. */
function following({ steps: _steps, ...before }: PriceRow, row: PriceRow, from: string): PriceRow {
  const terms = (kind: 'tiers' | 'speeds' | 'regions') => {
    const both = { ...before[kind], ...row[kind] };
    return Object.keys(both).length > 0 ? { [kind]: both } : {};
  };
  return { ...before, ...row, ...terms('tiers'), ...terms('speeds'), ...terms('regions'), validFrom: from };
}

/** Whether our own list has the same price for everything in the row, under whatever name it has the model. */
function isKnown(own: PriceTable, row: PriceRow, atMs: number): boolean {
  const other = priceTable({ source: '', date: '2000-01-01', prices: [row] });
  const model = row.models[0]!;
  return probes(row).every(([usage, terms]) => {
    const cost = other.costNanos(model, usage, atMs, terms);
    return cost === null || cost === own.costNanos(model, usage, atMs, terms);
  });
}

/** Calls that between them use every price of a row: tokens of each kind, below and above each step, with each of its terms. */
function probes(row: PriceRow): [Usage, CallTerms][] {
  const sizes = [1_000, ...(row.steps ?? []).map(({ aboveInputTokens }) => aboveInputTokens + 1_000)];
  const usages = sizes.flatMap((inputTokens): Usage[] => {
    const plain = { inputTokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0 };
    const written = { ...plain, cacheWriteTokens: 1_000 };
    const read = { ...plain, cacheReadTokens: 1_000 };
    return [plain, { ...plain, outputTokens: 1_000 }, read, written, { ...written, cacheWrite1hTokens: 1_000 }];
  });
  const terms: CallTerms[] = [
    {},
    ...Object.keys(row.tiers ?? {}).map((tier) => ({ tier })),
    ...Object.keys(row.speeds ?? {}).map((speed) => ({ speed })),
    ...Object.keys(row.regions ?? {}).map((region) => ({ region })),
    ...(row.webSearch === undefined ? [] : [{ webSearches: 1 }]),
  ];
  return usages.flatMap((usage) => terms.map((said): [Usage, CallTerms] => [usage, said]));
}
