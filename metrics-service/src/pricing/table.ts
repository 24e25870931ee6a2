import { createHash } from 'node:crypto';
import { tableNames } from './model-name.js';
import { issuePath, parseInstant, parsePrice, PRICE_DECIMALS, priceFile } from './schema.js';
import type { PriceTable, Usage } from './types.js';

/** Prices in units of 10^-12 US dollars per million tokens; null: there is none. */
interface Step {
  above: number;
  input: bigint;
  output: bigint;
  cacheRead: bigint | null;
  cacheWrite5m: bigint | null;
  cacheWrite1h: bigint | null;
}
interface DatedPrice {
  model: string;
  fromMs: number;
  toMs: number;
  /** ascending by `above`; the first is the base, above -1 */
  steps: Step[];
}

// tokens · units / (10^6 tokens · 10^12 units per dollar) dollars · 10^9 nanos per dollar
const UNITS_PER_NANO_AND_TOKEN = 10n ** BigInt(PRICE_DECIMALS + 6 - 9);
const MOST_NAMES_REMEMBERED = 10_000;

/**
 * Builds the table from the parsed content of a price file.
 * @throws Error naming the place in the file: `prices[3].input: must be …`
 */
export function priceTable(content: unknown): PriceTable {
  const byModel = new Map<string, DatedPrice[]>();
  const dated = readPrices(content);
  for (const price of dated) byModel.set(price.model, [...(byModel.get(price.model) ?? []), price]);
  const remembered = new Map<string, DatedPrice[]>();

  function pricesOf(model: string): DatedPrice[] {
    const known = remembered.get(model);
    if (known) return known;
    const found = tableNames(model).flatMap((name) => byModel.get(name) ?? []);
    const exact = found.filter((price) => price.model === found[0]?.model);
    if (remembered.size >= MOST_NAMES_REMEMBERED) remembered.clear();
    remembered.set(model, exact);
    return exact;
  }

  return {
    hash: contentHash(dated),
    costNanos(model, usage, atMs, options) {
      const price = pricesOf(model).find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
      if (!price) return null;
      const step = options?.baseStep ? price.steps[0] : price.steps.findLast(({ above }) => usage.inputTokens > above);
      return step ? costOf(step, usage) : null;
    },
  };
}

function costOf(step: Step, usage: Usage): bigint | null {
  const write5m = usage.cacheWriteTokens - usage.cacheWrite1hTokens;
  const uncached = BigInt(usage.inputTokens) - BigInt(usage.cacheReadTokens) - BigInt(usage.cacheWriteTokens);
  const parts: [bigint, bigint | null][] = [
    [uncached, step.input],
    [BigInt(usage.outputTokens), step.output],
    [BigInt(usage.cacheReadTokens), step.cacheRead],
    [BigInt(write5m), step.cacheWrite5m],
    [BigInt(usage.cacheWrite1hTokens), step.cacheWrite1h],
  ];
  let units = 0n;
  for (const [tokens, price] of parts) {
    // tokens of a kind that has no price make the cost unknown, not smaller
    if (tokens < 0n || (tokens > 0n && price === null)) return null;
    units += tokens * (price ?? 0n);
  }
  return divideHalfEven(units, UNITS_PER_NANO_AND_TOKEN);
}

/** `value / divisor` of non-negative integers, rounded to the nearest integer, ties to the even one. */
export function divideHalfEven(value: bigint, divisor: bigint): bigint {
  const [quotient, twiceTheRest] = [value / divisor, (value % divisor) * 2n];
  const up = twiceTheRest > divisor || (twiceTheRest === divisor && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

function readPrices(content: unknown): DatedPrice[] {
  const parsed = priceFile.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${issuePath(issue?.path ?? []) || 'the file'}: ${issue?.message ?? 'cannot be read'}`);
  }
  const found: (DatedPrice & { place: string })[] = [];
  for (const [index, row] of parsed.data.prices.entries()) {
    const place = `prices[${index}]`;
    const fromMs = row.validFrom === undefined ? -Infinity : (parseInstant(row.validFrom) ?? -Infinity);
    const toMs = row.validTo === undefined ? Infinity : (parseInstant(row.validTo) ?? Infinity);
    if (fromMs >= toMs) throw new Error(`${place}.validTo: must lie after validFrom`);
    const steps = [readStep(-1, row), ...(row.steps ?? []).map((step) => readStep(step.aboveInputTokens, step))];
    steps.sort((a, b) => a.above - b.above);
    for (const model of row.models) {
      const other = found.find((price) => price.model === model && price.fromMs < toMs && fromMs < price.toMs);
      if (other) throw new Error(`${place}: ${model} has another price at the same time in ${other.place}`);
      found.push({ model, fromMs, toMs, steps, place });
    }
  }
  return found.map(({ model, fromMs, toMs, steps }) => ({ model, fromMs, toMs, steps }));
}

type PriceMember = 'input' | 'output' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h';
function readStep(above: number, row: Partial<Record<PriceMember, string | number>>): Step {
  const price = (member: PriceMember): bigint | null => {
    const value = row[member];
    return value === undefined ? null : parsePrice(value);
  };
  return {
    above,
    input: price('input') ?? 0n,
    output: price('output') ?? 0n,
    cacheRead: price('cacheRead'),
    cacheWrite5m: price('cacheWrite5m'),
    cacheWrite1h: price('cacheWrite1h'),
  };
}

/** Depends on what the prices are, not on how the file writes, orders or groups them. */
function contentHash(prices: DatedPrice[]): string {
  const rows = prices.map((price) =>
    JSON.stringify(price, (_key, value: unknown) =>
      typeof value === 'bigint' || typeof value === 'number' ? String(value) : value,
    ),
  );
  return createHash('sha256').update(rows.sort().join('\n')).digest('hex');
}
