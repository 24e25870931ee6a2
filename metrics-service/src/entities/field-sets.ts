/**
 * Sets of an entity's fields as stored: the sum of 2^number. A double holds 53 bits exactly, but JavaScript's bit
 * operators only 32, so they are applied to each half.
 */

const HALF = 2 ** 32;
const MOST_FIELDS = 53;

/** The set of one field. @throws Error if the number does not fit into stamps */
export function fieldSet(number: number): number {
  if (!Number.isInteger(number) || number < 0 || number >= MOST_FIELDS) {
    throw new Error(`${number} is no field number: stamps hold 0 to ${MOST_FIELDS - 1}`);
  }
  return 2 ** number;
}

export function intersect(a: number, b: number): boolean {
  return (a & b) !== 0 || (high(a) & high(b)) !== 0;
}

export function union(a: number, b: number): number {
  return join(high(a) | high(b), a | b);
}

/** The fields of `a` that are not in `b`. */
export function without(a: number, b: number): number {
  return join(high(a) & ~high(b), a & ~b);
}

function high(set: number): number {
  return Math.floor(set / HALF);
}

function join(high: number, low: number): number {
  return high * HALF + (low >>> 0);
}
