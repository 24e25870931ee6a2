import type { PriceOf } from './types.js';
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

/** The name under which a model is priced: no provider prefix, no `[1m]`, no date or `-latest` behind it. */
function pricedName(model: string): string {
  return model
    .replace(/^anthropic\//, '')
    .replace(/^us\.anthropic\./, '')
    .replace(/\[1m\]$/, '')
    .replace(/(-\d{8}|-\d{4}-\d{2}-\d{2}|@\d{8}|-latest)$/, '');
}

/** Nano-dollars per token: a price per million tokens, divided by a million, times a billion. */
function perToken(dollarsPerMillion: string): bigint {
  const perMillion = nanos(dollarsPerMillion);
  if (perMillion % 1_000_000n !== 0n) throw new Error('a price below a nano-dollar per token would need rounding');
  return perMillion / 1_000_000n;
}

export const priceOf: PriceOf = (model, usage, atMs, baseStep) => {
  const inForce = PRICES.filter(
    (price) =>
      price.model === pricedName(model) &&
      (price.from === undefined || instant(price.from) <= atMs) &&
      (price.to === undefined || atMs < instant(price.to)),
  );
  const base = inForce.find((price) => price.above === undefined);
  const step = inForce.find((price) => price.above !== undefined && usage.input > price.above);
  const price = baseStep ? base : (step ?? base);
  if (!price) return null;
  if (usage.cacheWrite > 0n && price.write5m === undefined) throw new Error(`${model} has no price for cache writes`);
  return (
    (usage.input - usage.cacheRead - usage.cacheWrite) * perToken(price.input) +
    usage.cacheRead * perToken(price.read) +
    (usage.cacheWrite - usage.cacheWrite1h) * perToken(price.write5m ?? '0') +
    usage.cacheWrite1h * perToken(price.write1h ?? '0') +
    usage.output * perToken(price.output)
  );
};
