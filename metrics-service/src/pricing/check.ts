import { readRow, type DatedPrice, type Rates, type Steps } from './dated-price.js';
import { spellings } from './model-name.js';
import type { PriceFile } from './schema.js';

/** A likely mistake in a price list. */
export interface Finding {
  /** `prices[3]` */
  place: string;
  model: string;
  what: string;
}

interface Placed extends DatedPrice {
  place: string;
}

const UNITS = 10n ** 12n;

/** Likely mistakes: duplicate models, gaps in time, prices that are higher or lower than they should be. */
export function checkPrices({ prices }: PriceFile): Finding[] {
  const placed = prices.flatMap((row, index): Placed[] => {
    const { models, ...price } = readRow(row);
    return models.map((model) => ({ ...price, model, place: `prices[${index}]` }));
  });
  return [...twice(placed), ...gaps(placed), ...placed.flatMap(oddities)];
}

function twice(prices: Placed[]): Finding[] {
  return [...byName(prices).values()].flatMap((same) =>
    same.flatMap((price, index) =>
      same
        .slice(0, index)
        .filter((other) => other.fromMs < price.toMs && price.fromMs < other.toMs)
        .map(({ place }) => finding(price, `has another price at the same time in ${place}`)),
    ),
  );
}

function gaps(prices: Placed[]): Finding[] {
  return [...byName(prices).values()].flatMap((same) =>
    same
      .toSorted((a, b) => a.fromMs - b.fromMs)
      .flatMap((price, index, all) => {
        const next = all[index + 1];
        if (!next || next.fromMs <= price.toMs) return [];
        return [finding(next, `has no price from ${day(price.toMs)} to ${day(next.fromMs)}`)];
      }),
  );
}

/** Groups prices by name; names that differ only in the dots of a version are the same. */
function byName(prices: Placed[]): Map<string, Placed[]> {
  const names = new Map<string, Placed[]>();
  for (const price of prices) {
    const name = spellings(price.model).at(-1)!;
    names.set(name, [...(names.get(name) ?? []), price]);
  }
  return names;
}

function oddities(price: Placed): Finding[] {
  const wrong: string[] = [];
  const say = (holds: boolean, what: string): void => void (holds && wrong.push(what));
  const steps: [string, Steps][] = [['', price.steps]];
  for (const [tier, own] of Object.entries(price.tiers)) {
    if (typeof own !== 'bigint') steps.push([`${tier}: `, own]);
    const factor = typeof own === 'bigint' ? own : (own[0].input * UNITS) / (price.steps[0].input || 1n);
    say(['batch', 'flex'].includes(tier) && factor > UNITS, `${tier} is dearer than the standard`);
    say(tier === 'priority' && factor < UNITS, `${tier} is cheaper than the standard`);
  }
  for (const [which, of] of steps) {
    for (const rates of of) for (const what of ratesOddities(rates)) wrong.push(`${which}${what}`);
    for (const [index, rates] of of.entries()) {
      const before = of[index - 1];
      if (!before) continue;
      say(rates.above === before.above, `${which}has two prices above ${rates.above} input tokens`);
      say(rates.input < before.input, `${which}input is cheaper above ${rates.above} input tokens`);
    }
  }
  for (const [kind, factors] of Object.entries({
    speed: price.speeds,
    region: price.regions,
    prefix: price.prefixes,
  })) {
    for (const [name, factor] of Object.entries(factors)) say(factor < UNITS, `${kind} ${name} makes it cheaper`);
  }
  return wrong.map((what) => finding(price, what));
}

function ratesOddities({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: Rates): string[] {
  return [
    ...(cacheRead !== null && cacheRead > input ? ['a cache read is dearer than input'] : []),
    ...(cacheWrite5m !== null && cacheWrite5m < input ? ['a cache write is cheaper than input'] : []),
    ...(cacheWrite1h !== null && cacheWrite1h < (cacheWrite5m ?? 0n)
      ? ['an hour in the cache is cheaper than 5 minutes']
      : []),
    ...(output < input ? ['output is cheaper than input'] : []),
  ];
}

function finding({ place, model }: Placed, what: string): Finding {
  return { place, model, what };
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
