import { z } from 'zod';

/** Prices and factors are exact to this many decimals. */
export const PRICE_DECIMALS = 12;
const DECIMAL = /^\+?(\d{1,9})(?:\.(\d{1,18}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** Converts a price or factor (decimal text or number) to units of 10^-12; null if it is invalid, or finer than that. */
export function parsePrice(value: string | number): bigint | null {
  const match = DECIMAL.exec(String(value));
  if (!match) return null;
  const fraction = match[2] ?? '';
  const shift = PRICE_DECIMALS - fraction.length + Number(match[3] ?? 0);
  const digits = BigInt(`${match[1]}${fraction}`);
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return digits % divisor === 0n ? digits / divisor : null;
}

/** A date (its first instant, UTC) or an RFC 3339 time with zone, in epoch milliseconds; null if it is neither. */
export function parseInstant(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return null;
  const ms = Date.parse(text);
  // Date.parse turns 31 February into a day in March; in a price file it is an error
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(ms) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text.slice(0, 10)
    ? null
    : ms;
}

const price = z
  .union([z.string(), z.number()], { error: 'must be a price: a decimal text or number' })
  .refine((value) => parsePrice(value) !== null, {
    error: `must be US dollars per million tokens, not negative, with at most ${PRICE_DECIMALS} decimals, such as "0.125"`,
  });
const factor = z
  .union([z.string(), z.number()], { error: 'must be a factor: a decimal text or number' })
  .refine((value) => parsePrice(value) !== null, { error: 'must be a factor, not negative, such as "1.1"' });
const instant = z.string({ error: 'must be a text' }).refine((text) => parseInstant(text) !== null, {
  error: 'must be a date such as 2026-10-07, or a time with its zone',
});
const prices = {
  input: price,
  output: price,
  cacheRead: price.optional(),
  cacheWrite5m: price.optional(),
  cacheWrite1h: price.optional(),
};
const step = z.strictObject({
  aboveInputTokens: z
    .number({ error: 'must be a number of tokens' })
    .refine((value) => Number.isSafeInteger(value) && value >= 0, { error: 'must be a whole number of tokens' }),
  ...prices,
});
const stepped = { ...prices, steps: z.array(step).optional() };
const tier = z.union([factor, z.strictObject(stepped)], {
  error: 'must be a factor, or prices of its own: input, output and the like',
});
const factors = z.record(z.string(), factor).optional();

/** The shape of a price file (`RUNBOARD_PRICES`); prices in US dollars per million tokens. */
export const priceFile = z.strictObject({
  source: z.string({ error: 'must say where the prices come from' }),
  date: instant,
  prices: z.array(
    z.strictObject({
      models: z.array(z.string().min(1, 'must not be empty')).min(1, 'must name a model'),
      /** where these come from and when they were looked up, if that differs from the file's */
      source: z.string().optional(),
      date: instant.optional(),
      validFrom: instant.optional(),
      validTo: instant.optional(),
      ...stepped,
      /** by the tier that a call states: a factor, or prices instead of these */
      tiers: z.record(z.string(), tier).optional(),
      speeds: factors,
      /** by the region that a call states, where inference has to stay */
      regions: factors,
      /** by the prefix of the model's name, such as `us` of `us.anthropic.`; if there are any, other prefixes have no price */
      prefixes: factors,
      /** US dollars for one search */
      webSearch: price.optional(),
    }),
    { error: 'must be a list of prices' },
  ),
});
export type PriceFile = z.input<typeof priceFile>;
export type PriceRow = PriceFile['prices'][number];

/** The place of an issue in the file, in JavaScript notation: `prices[3].steps[0].input`. */
export function issuePath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
