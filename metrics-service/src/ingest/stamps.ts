import { compareUtf8 } from '../text-order.js';

/** When and by whom a field was stated: of two statements the one with the greater stamp holds (design section 4). */
export type Stamp = readonly [timeMs: number, id: string, source: string];

/**
 * Which event won each field of a row, as stored: winning stamps with the set of fields they won, as a bit mask
 * over the entity's field list (see entities.ts).
 */
export type Stamps = [timeMs: number, id: string, source: string, fields: number][];

export function compareStamps(a: Stamp, b: Stamp): number {
  return a[0] - b[0] || compareUtf8(a[1], b[1]) || compareUtf8(a[2], b[2]);
}

/** The greatest stamp among those that won any of the fields in `mask`. */
export function latestStamp(stamps: Stamps, mask: number): Stamp | null {
  let latest: Stamp | null = null;
  for (const [timeMs, id, source, fields] of stamps) {
    if ((fields & mask) !== 0 && (latest === null || compareStamps([timeMs, id, source], latest) > 0)) {
      latest = [timeMs, id, source];
    }
  }
  return latest;
}

/**
 * Claims the fields in `mask` for `stamp`: answers those that it wins (its stamp is greater than the present
 * one's), and the stamps as they stand then.
 */
export function claim(stamps: Stamps, stamp: Stamp, mask: number): { won: number; stamps: Stamps } {
  if (stamps.length === 0 && mask !== 0) return { won: mask, stamps: [[...stamp, mask]] };
  let won = mask;
  for (const [timeMs, id, source, fields] of stamps) {
    if ((fields & won) !== 0 && compareStamps(stamp, [timeMs, id, source]) <= 0) won &= ~fields;
  }
  if (won === 0) return { won, stamps };
  const kept: Stamps = [];
  for (const [timeMs, id, source, fields] of stamps) {
    const left = fields & ~won;
    if (left !== 0) kept.push([timeMs, id, source, left]);
  }
  kept.push([...stamp, won]);
  kept.sort((a, b) => compareStamps([a[0], a[1], a[2]], [b[0], b[1], b[2]]));
  return { won, stamps: kept };
}
