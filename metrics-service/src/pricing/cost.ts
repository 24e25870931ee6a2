import type { DatedPrice, Rates, Steps } from './dated-price.js';
import { PRICE_DECIMALS } from './schema.js';
import type { CallTerms, Usage } from './types.js';

/** The values of a call that mean the standard (definitions.md: "Tokens and money"). */
const STANDARD = {
  tier: new Set(['', 'standard', 'default', 'auto']),
  speed: new Set(['', 'standard', 'normal']),
  region: new Set(['', 'standard', 'global', 'not_available']),
};
const UNITS = 10n ** BigInt(PRICE_DECIMALS);
// tokens · units / (10^6 tokens · 10^12 units per dollar) dollars · 10^9 nanos per dollar
const UNITS_PER_NANO_AND_TOKEN = UNITS / 1000n;
const TOKENS_PER_PRICE = 1_000_000n;

export interface Terms extends CallTerms {
  baseStep?: boolean;
  /** the regional prefix of the model's name */
  prefix: string | null;
}

/** Nano-US-dollars, rounded half-even once; null where a price for some of it is not known. */
export function costOf(price: DatedPrice, usage: Usage, terms: Terms): bigint | null {
  const tier = named('tier', terms.tier, price.tiers);
  const factors = [
    named('speed', terms.speed, price.speeds),
    // the same region in the name and in the call counts once
    word(terms.region) === terms.prefix ? UNITS : named('region', terms.region, price.regions),
    // without surcharges for prefixes in the list, the price is the same for all of them
    Object.keys(price.prefixes).length === 0 ? UNITS : named('region', terms.prefix, price.prefixes),
    Array.isArray(tier) ? UNITS : tier,
  ];
  const rates = ratesFor(price.steps, Array.isArray(tier) ? tier : price.steps, usage, terms.baseStep);
  const tokens = rates && tokenUnits(rates, usage);
  const searches = BigInt(terms.webSearches ?? 0);
  if (tokens === null || (searches > 0n && price.webSearch === null)) return null;
  let [units, divisor] = [tokens, UNITS_PER_NANO_AND_TOKEN];
  for (const factor of factors) {
    if (factor === null) return null;
    if (factor !== UNITS) [units, divisor] = [units * factor, divisor * UNITS];
  }
  const perSearch = ((price.webSearch ?? 0n) * TOKENS_PER_PRICE * divisor) / UNITS_PER_NANO_AND_TOKEN;
  return divideHalfEven(units + searches * perSearch, divisor);
}

/** The table's entry for the value that a call states; null if there is none. */
function named<T>(of: keyof typeof STANDARD, said: string | null | undefined, known: Readonly<Record<string, T>>) {
  const name = word(said);
  if (STANDARD[of].has(name)) return UNITS;
  return Object.hasOwn(known, name) ? known[name]! : null;
}

function word(said: string | null | undefined): string {
  return (said ?? '').trim().toLowerCase();
}

/** The rates for the prompt's length; null for a tier without steps if the standard has another price for that length. */
function ratesFor(standard: Steps, steps: Steps, { inputTokens }: Usage, baseStep = false): Rates | null {
  if (baseStep) return steps[0];
  const isUntold = steps.length === 1 && standard.slice(1).some(({ above }) => inputTokens > above);
  return isUntold ? null : (steps.findLast(({ above }) => inputTokens > above) ?? null);
}

/** In units of 10^-18 US dollars; null if tokens of any kind have no price: the cost is then unknown, not lower. */
function tokenUnits(rates: Rates, usage: Usage): bigint | null {
  const write5m = usage.cacheWriteTokens - usage.cacheWrite1hTokens;
  const uncached = BigInt(usage.inputTokens) - BigInt(usage.cacheReadTokens) - BigInt(usage.cacheWriteTokens);
  const parts: [bigint, bigint | null][] = [
    [uncached, rates.input],
    [BigInt(usage.outputTokens), rates.output],
    [BigInt(usage.cacheReadTokens), rates.cacheRead],
    [BigInt(write5m), rates.cacheWrite5m],
    [BigInt(usage.cacheWrite1hTokens), rates.cacheWrite1h],
  ];
  let units = 0n;
  for (const [tokens, price] of parts) {
    if (tokens < 0n || (tokens > 0n && price === null)) return null;
    units += tokens * (price ?? 0n);
  }
  return units;
}

/** `value / divisor` of non-negative integers, rounded to the nearest integer, ties to the even one. */
export function divideHalfEven(value: bigint, divisor: bigint): bigint {
  const [quotient, twiceTheRest] = [value / divisor, (value % divisor) * 2n];
  const up = twiceTheRest > divisor || (twiceTheRest === divisor && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}
