import { intersect, without } from '../entities/field-sets.js';
import { compareUtf8 } from '../text-order.js';

/** When and by whom a field was stated: of two statements the one with the greater stamp holds (design section 4). */
export type Stamp = readonly [timeMs: number, id: string, source: string];

/**
 * Which event won each field of a row, as stored: winning stamps with the set of fields they won (a set of numbers, see
 * entities/field-sets.ts), in order.
 */
export type Stamps = [timeMs: number, id: string, source: string, fields: number][];

export function compareStamps(a: Stamp, b: Stamp): number {
  return a[0] - b[0] || compareUtf8(a[1], b[1]) || compareUtf8(a[2], b[2]);
}

/**
 * Whether the latest statement about a row said only this: it won the field, and nothing that is stated as of the same
 * time or later won another one.
 */
export function isLatest(stamps: Stamps, field: number): boolean {
  let said: Stamp | null = null;
  let other: Stamp | null = null;
  for (const [timeMs, id, source, fields] of stamps) {
    const stamp: Stamp = [timeMs, id, source];
    if (intersect(fields, field)) said = later(said, stamp);
    if (without(fields, field) !== 0) other = later(other, stamp);
  }
  // one event states several fields as of one stamp
  return said !== null && (other === null || compareStamps(said, other) >= 0);
}

function later(known: Stamp | null, stamp: Stamp): Stamp {
  return known !== null && compareStamps(known, stamp) > 0 ? known : stamp;
}

/**
 * Claims `fields` for `stamp`: answers those that it wins (its stamp is greater than the present one's), and the
 * stamps as they stand then.
 */
export function claim(stamps: Stamps, stamp: Stamp, claimed: number): { won: number; stamps: Stamps } {
  if (stamps.length === 0 && claimed !== 0) return { won: claimed, stamps: [[...stamp, claimed]] };
  let won = claimed;
  for (const [timeMs, id, source, fields] of stamps) {
    if (intersect(fields, won) && compareStamps(stamp, [timeMs, id, source]) <= 0) won = without(won, fields);
  }
  if (won === 0) return { won, stamps };
  const kept: Stamps = [];
  for (const [timeMs, id, source, fields] of stamps) {
    const left = without(fields, won);
    if (left !== 0) kept.push([timeMs, id, source, left]);
  }
  kept.push([...stamp, won]);
  kept.sort((a, b) => compareStamps([a[0], a[1], a[2]], [b[0], b[1], b[2]]));
  return { won, stamps: kept };
}
