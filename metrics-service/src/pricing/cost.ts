import type { DatedPrice, Rates, Steps } from './dated-price.js';
import { PRICE_DECIMALS } from './schema.js';
import type { CallTerms, Usage } from './types.js';

/** The words by which a call says that it is nothing special (definitions.md: "Tokens and money"). */
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
    // a name and a call that tell the same region tell it once
    word(terms.region) === terms.prefix ? UNITS : named('region', terms.region, price.regions),
    // a list without surcharges for prefixes has the same price for all of them
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

/** What the table has under the name that a call uses; null: it knows no such thing. */
function named<T>(of: keyof typeof STANDARD, said: string | null | undefined, known: Readonly<Record<string, T>>) {
  const name = word(said);
  if (STANDARD[of].has(name)) return UNITS;
  return Object.hasOwn(known, name) ? known[name]! : null;
}

function word(said: string | null | undefined): string {
  return (said ?? '').trim().toLowerCase();
}

/** A tier with prices of its own that has no steps says nothing of prompts for which the standard has other prices. */
function ratesFor(standard: Steps, steps: Steps, { inputTokens }: Usage, baseStep = false): Rates | null {
  if (baseStep) return steps[0];
  const isUntold = steps.length === 1 && standard.slice(1).some(({ above }) => inputTokens > above);
  return isUntold ? null : (steps.findLast(({ above }) => inputTokens > above) ?? null);
}

/** Units of 10^-18 US dollars; null: tokens of a kind that has no price make the cost unknown, not smaller. */
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
