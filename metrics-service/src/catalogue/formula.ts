import { divide } from './exact.js';
import type { DimensionName } from './dimensions.js';
import type { Base, Measure, MeasureValue } from './measure.js';

/** The measures of one group in one time slice. */
export interface Cell<B extends Base = Base> {
  value(measure: Measure<B>): MeasureValue;
  /** The same measure summed over the groups that differ in `dimension` only. */
  across(measure: Measure<B>, dimension: DimensionName): bigint;
  /** length of the slice */
  readonly windowMs: number;
}

/** A metric's value over the measures of one base. The type keeps bases apart: mixing two does not compile. */
export interface Formula<B extends Base = Base> {
  readonly base: B;
  readonly measures: readonly Measure<B>[];
  evaluate(cell: Cell<B>): number | null;
}

/** Money is summed in nano-US-dollars and shown in US dollars. */
export const NANOS_PER_USD = 1_000_000_000n;
const DAY_MS = 86_400_000n;

/** A measure as it is; `per` scales an exact one down. */
export function plain<B extends Base>(measure: Measure<B>, per = 1n): Formula<B> {
  return { base: measure.base, measures: [measure], evaluate: (cell) => scaled(cell.value(measure), per) };
}

/** `top ÷ bottom`; null where the top is unknown or the bottom is 0 or unknown. `per` scales the result down. */
export function ratio<B extends Base>(top: Measure<B>, bottom: Measure<NoInfer<B>>, per = 1n): Formula<B> {
  return {
    base: top.base,
    measures: [top, bottom],
    evaluate: (cell) => quotient(cell.value(top), cell.value(bottom), per),
  };
}

/** A sum of what is known over `rows` rows: 0 over no row, null where none of the rows is known. */
export function knownSum<B extends Base>(sum: Measure<B>, rows: Measure<NoInfer<B>>, per = 1n): Formula<B> {
  return {
    base: sum.base,
    measures: [sum, rows],
    evaluate: (cell) => (cell.value(rows) === 0n ? 0 : scaled(cell.value(sum), per)),
  };
}

/** A measure ÷ the length of the window in days, a real number. */
export function perDay<B extends Base>(measure: Measure<B>): Formula<B> {
  return {
    base: measure.base,
    measures: [measure],
    evaluate: (cell) => {
      const value = cell.value(measure);
      return quotient(typeof value === 'bigint' ? value * DAY_MS : null, BigInt(cell.windowMs), 1n);
    },
  };
}

/** A group's part of the measure over all groups that differ in `dimension` only. */
export function shareAcross<B extends Base>(dimension: DimensionName, measure: Measure<B>): Formula<B> {
  return {
    base: measure.base,
    measures: [measure],
    evaluate: (cell) => quotient(cell.value(measure), cell.across(measure, dimension), 1n),
  };
}

function scaled(value: MeasureValue, per: bigint): number | null {
  return typeof value === 'bigint' ? divide(value, per) : value;
}

function quotient(top: MeasureValue, bottom: MeasureValue, per: bigint): number | null {
  if (typeof top !== 'bigint' || typeof bottom !== 'bigint' || bottom === 0n) return null;
  return divide(top, bottom * per);
}
