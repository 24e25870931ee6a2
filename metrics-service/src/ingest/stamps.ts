import type { Rank } from '../contract/access.js';
import { intersect, without } from '../entities/field-sets.js';
import { compareUtf8 } from '../text-order.js';

/** When and by which event a field was stated: of two statements the one with the greater stamp wins (design section 4). */
export type Stamp = readonly [rank: Rank, timeMs: number, id: string, source: string];

/**
 * A winning stamp with the set of fields it won (a number, see entities/field-sets.ts). Without a rank it has 1. A field that
 * is weighed has an entry of its own: there the greater (weight, stamp) wins, elsewhere all weigh 0.
 */
export type Won =
  | [timeMs: number, id: string, source: string, fields: number]
  | [timeMs: number, id: string, source: string, fields: number, rank: Rank]
  | [timeMs: number, id: string, source: string, fields: number, rank: Rank, weight: number];

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

export function weightOfWon([, , , , , weight = 0]: Readonly<Won>): number {
  return weight;
}

/** An entry; one without fields weighs nothing. */
export function won([rank, timeMs, id, source]: Stamp, fields: number, weight = 0): Won {
  if (weight !== 0 && fields !== 0) return [timeMs, id, source, fields, rank, weight];
  return rank === 1 ? [timeMs, id, source, fields] : [timeMs, id, source, fields, rank];
}

export function compareStamps(a: Stamp, b: Stamp): number {
  return a[0] - b[0] || a[1] - b[1] || compareUtf8(a[2], b[2]) || compareUtf8(a[3], b[3]);
}

function byTime(a: Won, b: Won): number {
  return a[0] - b[0] || compareStamps(stampOfWon(a), stampOfWon(b));
}

/** The entries of one event: first one without fields, then by weight. */
function inOrder(a: Won, b: Won): number {
  return byTime(a, b) || Number(a[3] !== 0) - Number(b[3] !== 0) || weightOfWon(a) - weightOfWon(b);
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
 * Claims `fields` for `stamp`: returns those that it wins (its weight and stamp are greater than the current ones), and the
 * resulting stamps. The latest is kept even if it holds no field.
 */
export function claim(stamps: Stamps, stamp: Stamp, claimed: number, weight = 0): { won: number; stamps: Stamps } {
  if (stamps.length === 0) return { won: claimed, stamps: [won(stamp, claimed, weight)] };
  let left = claimed;
  for (const one of stamps) {
    if (!intersect(one[3], left)) continue;
    if ((weight - weightOfWon(one) || compareStamps(stamp, stampOfWon(one))) <= 0) left = without(left, one[3]);
  }
  const own = won(stamp, left, weight);
  if (left === 0 && byTime(own, stamps.at(-1)!) <= 0) return { won: 0, stamps };
  const kept = stamps.map((one) => won(stampOfWon(one), without(one[3], left), weightOfWon(one)));
  const next = [...kept, own].sort(inOrder);
  return { won: left, stamps: next.filter(([, , , fields], index) => fields !== 0 || index === next.length - 1) };
}
