import { issuePath, parseInstant, parsePrice, priceFile, type PriceRow } from './schema.js';

/** Prices in units of 10^-12 US dollars per million tokens; null if there is none. */
export interface Rates {
  above: number;
  input: bigint;
  output: bigint;
  cacheRead: bigint | null;
  cacheWrite5m: bigint | null;
  cacheWrite1h: bigint | null;
}
/** Ascending by `above`; the first is the base, above -1. */
export type Steps = [Rates, ...Rates[]];
/** In units of 10^-12. */
export type Factors = Readonly<Record<string, bigint>>;

export interface DatedPrice {
  model: string;
  fromMs: number;
  toMs: number;
  steps: Steps;
  tiers: Readonly<Record<string, bigint | Steps>>;
  speeds: Factors;
  regions: Factors;
  prefixes: Factors;
  /** of one search, in units of 10^-12 US dollars */
  webSearch: bigint | null;
}

/**
 * The prices of a file's content, one for each model and time.
 * @throws Error naming the place in the file: `prices[3].input: must be …`
 */
export function readPrices(content: unknown): DatedPrice[] {
  const parsed = priceFile.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${issuePath(issue?.path ?? []) || 'the file'}: ${issue?.message ?? 'cannot be read'}`);
  }
  const found: { price: DatedPrice; place: string }[] = [];
  for (const [index, row] of parsed.data.prices.entries()) {
    const place = `prices[${index}]`;
    const { models, ...price } = readRow(row);
    if (price.fromMs >= price.toMs) throw new Error(`${place}.validTo: must lie after validFrom`);
    for (const model of models) {
      const other = found.find(
        (one) => one.price.model === model && one.price.fromMs < price.toMs && price.fromMs < one.price.toMs,
      );
      if (other) throw new Error(`${place}: ${model} has another price at the same time in ${other.place}`);
      found.push({ price: { model, ...price }, place });
    }
  }
  return found.map(({ price }) => price);
}

/** A row of a valid file. */
export function readRow(row: PriceRow): Omit<DatedPrice, 'model'> & { models: string[] } {
  return {
    models: row.models,
    fromMs: instantOr(row.validFrom, -Infinity),
    toMs: instantOr(row.validTo, Infinity),
    steps: readSteps(row),
    tiers: mapped(row.tiers, (tier) => (typeof tier === 'object' ? readSteps(tier) : parsePrice(tier)!)),
    speeds: mapped(row.speeds, (factor) => parsePrice(factor)!),
    regions: mapped(row.regions, (factor) => parsePrice(factor)!),
    prefixes: mapped(row.prefixes, (factor) => parsePrice(factor)!),
    webSearch: row.webSearch === undefined ? null : parsePrice(row.webSearch),
  };
}

function instantOr(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : (parseInstant(text) ?? otherwise);
}

/** Sorted by name, so that the hash does not depend on the order in the file. */
function mapped<From, To>(given: Record<string, From> | undefined, read: (value: From) => To): Record<string, To> {
  const entries = Object.entries(given ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, value]) => [name, read(value)]));
}

type Member = 'input' | 'output' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h';
type Written = Pick<PriceRow, Member>;

function readSteps({ steps = [], ...base }: Written & { steps?: PriceRow['steps'] }): Steps {
  const higher = steps.map((step) => readRates(step.aboveInputTokens, step)).sort((a, b) => a.above - b.above);
  return [readRates(-1, base), ...higher];
}

function readRates(above: number, written: Written): Rates {
  const price = (member: Member): bigint | null => {
    const value = written[member];
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
