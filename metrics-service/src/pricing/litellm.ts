import { PRICE_DECIMALS, type PriceRow } from './schema.js';

/** An entry of LiteLLM's price file; prices in US dollars for one token. */
type Entry = Record<string, unknown>;

export interface LiteLlmPrices {
  rows: PriceRow[];
  /** models that are not priced by tokens, or priced at 0, which only means that the price was not known */
  leftOut: number;
}

/** Our names for LiteLLM's prices. */
const MEMBERS = {
  input: 'input_cost_per_token',
  output: 'output_cost_per_token',
  cacheRead: 'cache_read_input_token_cost',
  cacheWrite5m: 'cache_creation_input_token_cost',
  cacheWrite1h: 'cache_creation_input_token_cost_above_1hr',
} as const;
type Member = keyof typeof MEMBERS;
type Prices = Partial<Record<Member, string>>;
type Rates = Prices & { input: string; output: string };
type Stepped = Rates & { steps?: (Rates & { aboveInputTokens: number })[] };

const TIERS = { batch: 'batches', flex: 'flex', priority: 'priority', ultrafast: 'ultrafast' } as const;
const MODES = new Set(['chat', 'completion', 'responses']);
const STEP = /^input_cost_per_token_above_(\d+)k_tokens$/;

/**
 * LiteLLM's `model_prices_and_context_window.json` in our form, each model under its name there.
 * @throws Error if it is not such a file
 */
export function readLiteLlm(content: unknown, date: string): LiteLlmPrices {
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new Error('must be an object with a member for each model');
  const entries = Object.entries(content as Record<string, Entry>).filter(([name]) => name !== 'sample_spec');
  const rows = entries.flatMap(([model, entry]): PriceRow[] => {
    const prices = isPriced(entry) ? readStepped(entry, '') : null;
    return prices ? [{ models: [model], ...prices, ...readTerms(entry, prices), source: sourceOf(entry), date }] : [];
  });
  if (rows.length === 0) throw new Error('has no model with input_cost_per_token and output_cost_per_token');
  return { rows, leftOut: entries.length - rows.length };
}

function isPriced(entry: Entry): boolean {
  if (typeof entry !== 'object' || entry === null || !MODES.has(String(entry.mode))) return false;
  return [MEMBERS.input, MEMBERS.output].some((member) => Number(entry[member]) > 0);
}

function sourceOf({ source }: Entry): string {
  return typeof source === 'string' && source !== '' ? `LiteLLM, of ${source}` : 'LiteLLM';
}

function readStepped(entry: Entry, suffix: string): Stepped | null {
  const base = readRates(entry, suffix);
  if (!base) return null;
  const steps = Object.keys(entry).flatMap((key) => {
    const thousands = STEP.exec(key)?.[1];
    const rates = thousands === undefined ? null : readRates(entry, `_above_${thousands}k_tokens${suffix}`);
    return rates ? [{ aboveInputTokens: Number(thousands) * 1000, ...rates }] : [];
  });
  return steps.length === 0 ? base : { ...base, steps };
}

function readRates(entry: Entry, suffix: string): Rates | null {
  const prices: Prices = {};
  for (const [member, key] of Object.entries(MEMBERS) as [Member, string][]) {
    const price = perMillion(entry[key + suffix]);
    if (price !== null) prices[member] = price;
  }
  const { input, output } = prices;
  return input === undefined || output === undefined ? null : { ...prices, input, output };
}

/** Converts a price per token to one per million, without the noise of binary fractions: 1.0000000000000001e-07 is 0.1. */
function perMillion(perToken: unknown): string | null {
  if (typeof perToken !== 'number' && typeof perToken !== 'string') return null;
  const price = Number(perToken) * 1e6;
  return perToken !== '' && price >= 0 && price < 1e9 ? plain(price) : null;
}

function plain(price: number): string {
  return Number(price.toPrecision(12))
    .toFixed(PRICE_DECIMALS)
    .replace(/\.?0+$/, '');
}

function readTerms(entry: Entry, prices: Stepped): Partial<PriceRow> {
  const tiers = Object.entries(TIERS).flatMap(([tier, suffix]): [string, string | Stepped][] => {
    const own = readStepped(entry, `_${suffix}`);
    return own ? [[tier, commonFactor(prices, own) ?? own]] : [];
  });
  const { fast, ...regions } = factorsOf(entry.provider_specific_entry);
  for (const region of ['us', 'eu']) {
    const uplift = factor(entry[`regional_processing_uplift_multiplier_${region}`]);
    if (uplift !== null) regions[region] = uplift;
  }
  const search = entry.search_context_cost_per_query as Entry | undefined;
  const webSearch = Number(search?.search_context_size_medium) || null;
  return {
    ...(tiers.length > 0 ? { tiers: Object.fromEntries(tiers) } : {}),
    ...(fast === undefined ? {} : { speeds: { fast } }),
    ...(Object.keys(regions).length > 0 ? { regions } : {}),
    ...(webSearch === null ? {} : { webSearch: plain(webSearch) }),
  };
}

/**
 * The factor between a tier's prices and the standard ones, if it is the same for all of them; else null. LiteLLM has no
 * tier prices for one-hour caches: the same factor applies to them.
 */
function commonFactor(standard: Stepped, tier: Stepped): string | null {
  if (standard.steps?.length !== tier.steps?.length) return null;
  const pairs: [Rates, Rates][] = [[standard, tier]];
  for (const [index, step] of (tier.steps ?? []).entries()) pairs.push([standard.steps![index]!, step]);
  const factors = pairs.flatMap(([of, own]) =>
    (Object.keys(MEMBERS) as Member[])
      .filter((member) => Number(of[member]) > 0 && !(member === 'cacheWrite1h' && own[member] === undefined))
      .map((member) => plain(Number(own[member] ?? 0) / Number(of[member]))),
  );
  return new Set(factors).size === 1 ? factors[0]! : null;
}

/** `{"us": 1.1, "fast": 2}`: regions by two letters, and the fast mode. */
function factorsOf(given: unknown): Record<string, string> {
  const entries = typeof given === 'object' && given !== null ? Object.entries(given) : [];
  const factors = entries.flatMap(([name, value]): [string, string][] => {
    const known = factor(value);
    return known !== null && (name === 'fast' || /^[a-z]{2}$/.test(name)) ? [[name, known]] : [];
  });
  return Object.fromEntries(factors);
}

function factor(value: unknown): string | null {
  return typeof value === 'number' && value >= 0 && value < 1000 ? plain(value) : null;
}
