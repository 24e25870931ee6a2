import type { CallTerms, PriceOf } from './types.js';
import { instant, nanos } from './values.js';

/** US dollars per million tokens, as the vendors publish them. */
interface Price {
  model: string;
  from?: string;
  to?: string;
  /** holds for calls with more input tokens than this */
  above?: bigint;
  input: string;
  output: string;
  read: string;
  write5m?: string;
  write1h?: string;
}

/** Only the models that the random events use. */
const PRICES: Price[] = [
  { model: 'claude-opus-4-6', input: '5', output: '25', read: '0.50', write5m: '6.25', write1h: '10' },
  { model: 'claude-haiku-4-5', input: '1', output: '5', read: '0.10', write5m: '1.25', write1h: '2' },
  {
    model: 'claude-sonnet-5-5',
    to: '2026-10-07T00:00:00Z',
    input: '2',
    output: '10',
    read: '0.20',
    write5m: '2.5',
    write1h: '4',
  },
  {
    model: 'claude-sonnet-5-5',
    from: '2026-10-07T00:00:00Z',
    input: '2',
    output: '10',
    read: '0.10',
    write5m: '2.5',
    write1h: '4',
  },
  { model: 'claude-haiku-5-5', input: '0.10', output: '0.50', read: '0.01', write5m: '0.125', write1h: '0.20' },
  {
    model: 'claude-haiku-5-5',
    above: 100_000n,
    input: '0.50',
    output: '2.50',
    read: '0.05',
    write5m: '0.625',
    write1h: '1.00',
  },
  { model: 'gpt-5.4', input: '2.5', output: '15', read: '0.25' },
  { model: 'gpt-5.4', above: 272_000n, input: '5', output: '22.5', read: '0.5' },
];

/**
 * What a call pays more or less for all its tokens, in thousandths, where the vendors' lists name it for the model:
 * tier, speed, region, and the regional prefix of the name.
 */
const FACTORS: Record<string, Record<string, bigint>> = {
  'claude-opus-4-6': { 'tier batch': 500n, 'speed fast': 6000n, 'region us': 1100n, 'prefix us': 1100n },
  'claude-haiku-4-5': { 'tier batch': 500n, 'prefix us': 1100n },
  'claude-sonnet-5-5': { 'tier batch': 500n, 'region us': 1100n, 'prefix us': 1100n },
  'claude-haiku-5-5': { 'tier batch': 500n, 'region us': 1100n, 'prefix us': 1100n },
  'gpt-5.4': { 'region us': 1100n, 'region eu': 1100n },
};

/** Tiers with prices of their own; the priority tier has none for long prompts. */
const OWN_PRICES: Record<string, Price[]> = {
  'gpt-5.4 batch': [
    { model: 'gpt-5.4', input: '1.25', output: '7.5', read: '0.13' },
    { model: 'gpt-5.4', above: 272_000n, input: '2.5', output: '11.25', read: '0.25' },
  ],
  'gpt-5.4 priority': [{ model: 'gpt-5.4', input: '5', output: '30', read: '0.5' }],
};
const NO_LONG_PROMPTS = new Set(['gpt-5.4 priority']);

/** One search, in nano-dollars: all of these vendors ask ten dollars for a thousand. */
const SEARCH_NANOS = 10_000_000n;

/** The name under which a model is priced: no provider prefix, no `[1m]`, no date or `-latest` behind it. */
function pricedName(model: string): string {
  return model
    .replace(/^anthropic\//, '')
    .replace(/^us\.anthropic\./, '')
    .replace(/\[1m\]$/, '')
    .replace(/(-\d{8}|-\d{4}-\d{2}-\d{2}|@\d{8}|-latest)$/, '');
}

const ORDINARY = ['standard', 'default', 'auto', 'normal', 'global', 'not_available'];
const said = (word: string | null | undefined): string | null =>
  word === null || word === undefined || ORDINARY.includes(word) ? null : word;

/** All factors that hold, in thousandths; null: one of them is not in the lists. */
function factors(model: string, name: string, terms: CallTerms | null, ownTier: boolean): bigint[] | null {
  const prefix = model.startsWith('us.') ? 'us' : null;
  const asked: [string, string | null][] = [
    ['tier', ownTier ? null : said(terms?.tier)],
    ['speed', said(terms?.speed)],
    ['region', said(terms?.region) === prefix ? null : said(terms?.region)],
    ['prefix', prefix],
  ];
  const found = asked.flatMap(([kind, word]) => (word === null ? [] : [FACTORS[name]?.[`${kind} ${word}`]]));
  return found.includes(undefined) ? null : (found as bigint[]);
}

/** Nano-dollars for a million tokens. */
const perMillion = (dollars: string | undefined): bigint => (dollars === undefined ? 0n : nanos(dollars));

export const priceOf: PriceOf = (model, usage, atMs, terms) => {
  const name = pricedName(model);
  const ofTier = `${name} ${said(terms?.tier)}`;
  const own = OWN_PRICES[ofTier];
  const list = own ?? PRICES.filter((price) => price.model === name);
  const inForce = list.filter(
    (price) =>
      (price.from === undefined || instant(price.from) <= atMs) && (price.to === undefined || atMs < instant(price.to)),
  );
  const base = inForce.find((price) => price.above === undefined);
  const step = inForce.find((price) => price.above !== undefined && usage.input > price.above);
  const price = terms === null ? base : (step ?? base);
  const multiplied = factors(model, name, terms, own !== undefined);
  if (!price || multiplied === null) return null;
  if (NO_LONG_PROMPTS.has(ofTier) && usage.input > 272_000n) return null;
  if (usage.cacheWrite > 0n && price.write5m === undefined) throw new Error(`${model} has no price for cache writes`);

  // exact: nano-dollars times a million, times a thousand for each factor
  const tokens =
    (usage.input - usage.cacheRead - usage.cacheWrite) * perMillion(price.input) +
    usage.cacheRead * perMillion(price.read) +
    (usage.cacheWrite - usage.cacheWrite1h) * perMillion(price.write5m) +
    usage.cacheWrite1h * perMillion(price.write1h) +
    usage.output * perMillion(price.output);
  const scale = 1_000_000n * 1000n ** BigInt(multiplied.length);
  const cost = multiplied.reduce((product, factor) => product * factor, tokens);
  return halfEven(cost + BigInt(terms?.webSearches ?? 0) * SEARCH_NANOS * scale, scale);
};

function halfEven(value: bigint, divisor: bigint): bigint {
  const floor = value / divisor;
  const rest = 2n * (value - floor * divisor);
  return rest > divisor || (rest === divisor && floor % 2n !== 0n) ? floor + 1n : floor;
}
