import { compareUtf8 } from '../text-order.js';
import type { Direction } from './rows.js';

/** Compares with nulls last in either direction; otherwise by `compare`, reversed for `desc`. */
export function nullsLast<T>(
  one: T | null,
  other: T | null,
  direction: Direction,
  compare: (one: T, other: T) => number,
): number {
  if (one === null) return other === null ? 0 : 1;
  if (other === null) return -1;
  return direction === 'asc' ? compare(one, other) : compare(other, one);
}

/** Compares two lists of texts by their first difference, ascending, nulls last. */
export function compareTexts(one: readonly (string | null)[], other: readonly (string | null)[]): number {
  for (let index = 0; index < one.length; index++) {
    const difference = nullsLast(one[index]!, other[index]!, 'asc', compareUtf8);
    if (difference !== 0) return difference;
  }
  return 0;
}
