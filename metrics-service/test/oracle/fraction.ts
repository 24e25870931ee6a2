/** An exact number: n / d with d > 0, not necessarily in lowest terms. */
export interface Fraction {
  n: bigint;
  d: bigint;
}

export function whole(value: bigint | number): Fraction {
  return { n: BigInt(value), d: 1n };
}

/** a ÷ b; null where either is unknown or there is nothing to divide by. */
export function ratio(a: Fraction | null, b: Fraction | null): Fraction | null {
  if (a === null || b === null || b.n === 0n) return null;
  const n = a.n * b.d;
  const d = a.d * b.n;
  return d < 0n ? { n: -n, d: -d } : { n, d };
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.d - b.n * a.d, d: a.d * b.d };
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}

export function compareFractions(a: Fraction, b: Fraction): number {
  const left = a.n * b.d;
  const right = b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
}

export function toNumber(value: Fraction): number {
  if (value.n % value.d === 0n) return Number(value.n / value.d);
  // 40 digits of it, however small it is
  const digits = Math.max(40, 40 + String(value.d).length - String(value.n).length);
  return Number(`${(value.n * 10n ** BigInt(digits)) / value.d}e-${digits}`);
}

export function mean(values: (number | bigint)[]): Fraction | null {
  const sum = values.reduce<bigint>((total, value) => total + BigInt(value), 0n);
  return ratio(whole(sum), whole(values.length));
}

/** Continuous: with n sorted values, position p·(n−1), linear between neighbours. `percent` is 0 to 100. */
export function percentile(values: number[], percent: number): Fraction | null {
  if (values.length === 0) return null;
  const sorted = values.map((value) => BigInt(value)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const hundredths = BigInt(percent) * BigInt(sorted.length - 1);
  const below = sorted[Number(hundredths / 100n)]!;
  const above = sorted[Number(hundredths / 100n) + 1] ?? below;
  return { n: below * 100n + (above - below) * (hundredths % 100n), d: 100n };
}
