import { z } from 'zod';

const MAX_COST_NANOS = 1_000_000n * 1_000_000_000n;
const DECIMAL = /^\+?(\d{0,64})(?:\.(\d{0,64}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Converts US dollars (a decimal text or number) to integer nano-US-dollars, rounded half-even; null if it is not a
 * decimal number.
 */
export function parseUsd(value: string | number): bigint | null {
  const match = DECIMAL.exec(String(value));
  if (!match || !(match[1] || match[2])) return null;
  const fraction = match[2] ?? '';
  const digits = BigInt(`${match[1] ?? ''}${fraction}` || '0');
  // value = digits · 10^(exponent − fraction length) dollars = digits · 10^shift nanos
  const shift = Number(match[3] ?? 0) - fraction.length + 9;
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  const [quotient, rest] = [digits / divisor, (digits % divisor) * 2n];
  const up = rest > divisor || (rest === divisor && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

/** A cost in US dollars, a decimal text or number from 0 to 1,000,000, read as integer nano-US-dollars. */
export const usd = z
  .union(
    [z.string().meta({ pattern: '^\\d{1,6}(\\.\\d{1,64})?$' }), z.number().meta({ minimum: 0, maximum: 1_000_000 })],
    { error: 'must be a decimal text or number' },
  )
  .transform((value, context) => {
    const nanos = parseUsd(value);
    if (nanos === null || nanos > MAX_COST_NANOS || Number(value) > 1_000_000) {
      context.addIssue({
        code: 'custom',
        message: 'must be US dollars from 0 to 1000000, as a decimal text or number',
      });
      return z.NEVER;
    }
    return nanos;
  })
  .meta({ description: 'US dollars, a decimal text or number from 0 to 1,000,000' });
