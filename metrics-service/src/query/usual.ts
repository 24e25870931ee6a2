import { divide } from '../catalogue/exact.js';
import type { MeasureValue } from '../catalogue/measure.js';
import type { Window } from './buckets.js';
import { spanOf, type Cut } from './cut.js';
import { InvalidQuery } from './invalid.js';
import { instantBefore, isWithinWeek, weeksBefore } from './weeks.js';

/** The earlier windows that are usual, by how many weeks they lie before. */
export const WEEKS = [1, 2, 3, 4] as const;
const FEWEST = 3;

/** What of one earlier window counts: null if its sum may not be told. */
export type UsualSum = bigint | null;

/** `sum` ÷ the median of the earlier sums; null if fewer than three count, one may not be told, or the median is 0. */
export function toUsual(sum: MeasureValue, earlier: readonly UsualSum[]): number | null {
  if (typeof sum !== 'bigint' || earlier.length < FEWEST) return null;
  const told = earlier.filter((one) => one !== null);
  if (told.length < earlier.length) return null;
  const sorted = told.sort((one, other) => (one < other ? -1 : Number(one > other)));
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  const twiceMedian = middle.length === 1 ? middle[0]! * 2n : middle[0]! + middle[1]!;
  return twiceMedian === 0n ? null : divide(sum * 2n, twiceMedian);
}

/** @throws InvalidQuery if a window is longer than what it is compared with is away */
export function checkUsual(slices: readonly Window[], zone: string): void {
  if (slices.every((slice) => isWithinWeek(slice, zone))) return;
  throw new InvalidQuery(
    'metric cost_to_usual compares with the same days of the weeks before: ask for a window (or, in a series, an ' +
      'interval) of at most 7 days',
  );
}

/**
 * The cut some weeks earlier. Around clock changes its slices may not follow each other any more: then each is read by
 * itself, and the whole window as one more after them.
 */
export function cutBefore(cut: Cut, weeks: number, zone: string): Cut {
  const slices: Window[] = [];
  for (const slice of cut.slices) {
    const last = slices.at(-1);
    // mostly one begins where another ended, and that instant is known
    const isNext = last !== undefined && cut.slices[slices.length - 1]!.to === slice.from;
    slices.push(isNext ? { from: last.to, to: instantBefore(slice.to, weeks, zone) } : weeksBefore(slice, weeks, zone));
  }
  const inOrder = slices.every(({ from, to }, at) => from <= to && (at === 0 || slices[at - 1]!.to === from));
  if (inOrder && cut.asked === 'all') return { ...cut, slices };
  const whole = cut.whole ? [weeksBefore(spanOf(cut), weeks, zone)] : [];
  return { slices: [...slices, ...whole], whole: false, asked: 'last' };
}
