import type { Rank } from '../contract/access.js';
import { intersect, without } from '../entities/field-sets.js';
import { compareUtf8 } from '../text-order.js';

/** When and by which event a field was stated: of two statements the one with the greater stamp wins (design section 4). */
export type Stamp = readonly [rank: Rank, timeMs: number, id: string, source: string];

/** A winning stamp with the set of fields it won (a number, see entities/field-sets.ts). Without a rank it has 1. */
export type Won =
  | [timeMs: number, id: string, source: string, fields: number]
  | [timeMs: number, id: string, source: string, fields: number, rank: Rank];

/**
 * Which event won each field of a row, as stored, ordered by time. The last is the latest event that stated any field, even
 * if all of them went to an event of higher rank.
 */
export type Stamps = Won[];

export function stampOf({
  rank,
  timeMs,
  id,
  source,
}: {
  rank: Rank;
  timeMs: number;
  id: string;
  source: string;
}): Stamp {
  return [rank, timeMs, id, source];
}

export function stampOfWon([timeMs, id, source, , rank = 1]: Readonly<Won>): Stamp {
  return [rank, timeMs, id, source];
}

export function won([rank, timeMs, id, source]: Stamp, fields: number): Won {
  return rank === 1 ? [timeMs, id, source, fields] : [timeMs, id, source, fields, rank];
}

export function compareStamps(a: Stamp, b: Stamp): number {
  return a[0] - b[0] || a[1] - b[1] || compareUtf8(a[2], b[2]) || compareUtf8(a[3], b[3]);
}

function byTime(a: Won, b: Won): number {
  return a[0] - b[0] || compareStamps(stampOfWon(a), stampOfWon(b));
}

/**
 * Whether the field belongs to the greatest statement about the row, and that statement won no other field.
 */
export function isLatest(stamps: Stamps, field: number): boolean {
  let said: Stamp | null = null;
  let other: Stamp | null = null;
  for (const one of stamps) {
    const [, , , fields] = one;
    const stamp = stampOfWon(one);
    if (intersect(fields, field)) said = later(said, stamp);
    if (without(fields, field) !== 0) other = later(other, stamp);
  }
  // the fields of one event have the same stamp
  return said !== null && (other === null || compareStamps(said, other) >= 0);
}

function later(known: Stamp | null, stamp: Stamp): Stamp {
  return known !== null && compareStamps(known, stamp) > 0 ? known : stamp;
}

/**
 * Claims `fields` for `stamp`: returns those that it wins (its stamp is greater than the current one), and the resulting
 * stamps. The latest is kept even if it holds no field.
 */
export function claim(stamps: Stamps, stamp: Stamp, claimed: number): { won: number; stamps: Stamps } {
  if (stamps.length === 0) return { won: claimed, stamps: [won(stamp, claimed)] };
  let left = claimed;
  for (const one of stamps) {
    if (intersect(one[3], left) && compareStamps(stamp, stampOfWon(one)) <= 0) left = without(left, one[3]);
  }
  const own = won(stamp, left);
  if (left === 0 && byTime(own, stamps.at(-1)!) <= 0) return { won: 0, stamps };
  const next = [...stamps.map((one) => won(stampOfWon(one), without(one[3], left))), own].sort(byTime);
  return { won: left, stamps: next.filter(([, , , fields], index) => fields !== 0 || index === next.length - 1) };
}
