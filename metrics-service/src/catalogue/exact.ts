const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** `top ÷ bottom` as the nearest double, rounded once however large they are. `bottom` must not be 0. */
export function divide(top: bigint, bottom: bigint): number {
  if (isSafe(top) && isSafe(bottom)) return Number(top) / Number(bottom);
  const [dividend, divisor] = [abs(top), abs(bottom)];
  // 25 more digits than the divisor, and a last one that says whether there is a remainder: enough to round only once
  const digits = Math.max(0, divisor.toString().length - dividend.toString().length) + 25;
  const scaled = dividend * 10n ** BigInt(digits);
  const sticky = scaled % divisor === 0n ? '0' : '1';
  const size = Number(`${scaled / divisor}${sticky}e-${digits + 1}`);
  return top < 0n === bottom < 0n ? size : -size;
}

function isSafe(value: bigint): boolean {
  return value <= SAFE && value >= -SAFE;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** The most digits after the point that the shortest decimal of a double has, and a few more. */
const DECIMALS = 330;
/** Decimal numbers are summed as integers of this unit: exactly, in any order. */
export const DECIMAL_UNIT = 10n ** BigInt(DECIMALS);

/** A decimal number as the database sends it, in units of 1 / `DECIMAL_UNIT`. */
export function readDecimal(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'));
}

/** Money is summed in nano-US-dollars and shown in US dollars. */
export const NANOS_PER_USD = 1_000_000_000n;

/** Converts nano-US-dollars as the database sends them to US dollars; null is unknown. */
export function usdOf(nanos: string | null): number | null {
  return nanos === null ? null : divide(BigInt(nanos), NANOS_PER_USD);
}
