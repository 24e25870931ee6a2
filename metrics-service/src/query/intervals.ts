import { divide } from '../catalogue/exact.js';
import type { Cases } from '../catalogue/formula.js';

/** 67 of 80 terminal runs succeeded. */
export type Share = Cases;

/** Both ends of a 95 % confidence interval. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** The standard normal's 97.5th percentile (definitions.md, Shares with an interval). */
export const Z_95 = 1.959963984540054;

/**
 * The Wilson score interval of a share, without continuity correction (Newcombe 1998, Statistics in Medicine 17:857, method 3);
 * null where there are no cases.
 */
export function wilson({ count, of }: Share): Bounds | null {
  if (of <= 0) return null;
  const middle = 2 * count + Z_95 ** 2;
  const half = Z_95 * Math.sqrt(Z_95 ** 2 + (4 * count * (of - count)) / of);
  const width = 2 * (of + Z_95 ** 2);
  // the ends at no and at all cases are 0 and 1 exactly, which rounding would miss
  return { low: count === 0 ? 0 : (middle - half) / width, high: count === of ? 1 : (middle + half) / width };
}

/**
 * Newcombe's interval of the difference `one` − `other` of two independent shares, from their Wilson intervals (Newcombe
 * 1998, Statistics in Medicine 17:873, method 10); null where either has no cases.
 */
export function newcombe(one: Share, other: Share): Bounds | null {
  const [a, b] = [wilson(one), wilson(other)];
  if (a === null || b === null) return null;
  const [p, q] = [one.count / one.of, other.count / other.of];
  return {
    low: p - q - Math.hypot(p - a.low, b.high - q),
    high: p - q + Math.hypot(a.high - p, q - b.low),
  };
}

/** Whether two shares differ: Newcombe's interval of their difference does not hold 0. Not told apart without cases. */
export function areToldApart(one: Share, other: Share): boolean {
  const bounds = newcombe(one, other);
  return bounds !== null && (bounds.low > 0 || bounds.high < 0);
}

/** Whether two counts differ by more than chance: |a − b| > 1.96·√(a + b), as for two Poisson counts of equal exposure. */
export function areCountsToldApart(one: number, other: number): boolean {
  return Math.abs(one - other) > 1.96 * Math.sqrt(one + other);
}

/** A sample of whole numbers: how many, their sum, and the sum of their squares, exact. */
export interface Sample {
  readonly count: bigint;
  readonly sum: bigint;
  readonly squares: bigint;
}

/** Of fewer the deviation says too little. */
const FEWEST_FOR_DEVIATION = 10n;

/** The mean; null of nothing. */
export function mean({ count, sum }: Sample): number | null {
  return count === 0n ? null : divide(sum, count);
}

/** How much greater the mean of `one` is; null where either is of nothing. */
export function meanDifference(one: Sample, other: Sample): number | null {
  if (one.count === 0n || other.count === 0n) return null;
  return divide(one.sum * other.count - other.sum * one.count, one.count * other.count);
}

/** The square of the mean's standard error, s² ÷ n with the sample deviation s; null of fewer than 10. */
function squaredError({ count, sum, squares }: Sample): number | null {
  if (count < FEWEST_FOR_DEVIATION) return null;
  return divide(count * squares - sum * sum, count * count * (count - 1n));
}

/** The 95 % interval of the mean, m ± 1.96·s ÷ √n; null of fewer than 10 (definitions.md, Shares with an interval). */
export function meanInterval(sample: Sample): Bounds | null {
  return around(mean(sample), squaredError(sample));
}

/** The 95 % interval of the difference of two means, `one` − `other`; null where either is of fewer than 10. */
export function meanDifferenceInterval(one: Sample, other: Sample): Bounds | null {
  const [a, b] = [squaredError(one), squaredError(other)];
  return around(meanDifference(one, other), a === null || b === null ? null : a + b);
}

function around(middle: number | null, square: number | null): Bounds | null {
  if (middle === null || square === null) return null;
  const half = 1.96 * Math.sqrt(square);
  return { low: middle - half, high: middle + half };
}
