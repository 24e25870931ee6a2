import { type ShownCell, isClockDimension } from './dimensions.js';
import { type Fraction, toNumber } from './fraction.js';
import { compareText } from './values.js';

/** What groups are sorted by: a metric's value, or what is shown of a dimension. */
export type OrderValue = Fraction | string | null;

export const lacksValue = (cells: ShownCell[]): boolean => cells.some((cell) => cell.id === null);
export const nullsLast = (a: OrderValue, b: OrderValue): number => Number(a === null) - Number(b === null);

export function compareOrder(a: OrderValue, b: OrderValue): number {
  if (a === null || b === null) return 0;
  if (typeof a === 'string' || typeof b === 'string') return compareText(a as string, b as string);
  // what is shown as one number is a tie
  return toNumber(a) - toNumber(b);
}

/** 9 o'clock comes before 10. */
export function sortText({ dimension, name }: ShownCell): string | null {
  return isClockDimension(dimension) ? name!.padStart(2, '0') : name;
}

/** Ties: by the names of all dimensions, then by the ids. A missing value is last. */
export function compareCells(a: ShownCell[], b: ShownCell[]): number {
  return (
    compareLists(a.map(sortText), b.map(sortText)) ||
    compareLists(
      a.map((cell) => cell.id),
      b.map((cell) => cell.id),
    )
  );
}

function compareLists(a: (string | null)[], b: (string | null)[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index]!;
    const difference = nullsLast(text, other) || compareOrder(text, other);
    if (difference !== 0) return difference;
  }
  return 0;
}
