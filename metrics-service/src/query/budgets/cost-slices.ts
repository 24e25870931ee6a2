import type { Window } from '../buckets.js';
import type { Cut } from '../cut.js';

/** More windows than this are read as slices of one, with what lies between them: a select for each takes long to plan. */
export const MOST_APART = 12;

export interface Slices {
  readonly cut: Cut;
  /** of which slices a window is made */
  readonly at: readonly (readonly number[])[];
}

/** The windows as slices, which follow each other or lie apart: what several windows have in common is read once. */
export function slicesOf(windows: readonly Window[]): Slices {
  const bounds = [...new Set(windows.flatMap(({ from, to }) => [from, to]))].sort((one, other) => one - other);
  const places = new Map(bounds.map((bound, place) => [bound, place]));
  const isWanted = coverOf(windows, places);
  const pieces = bounds.slice(1).map((to, place) => ({ from: bounds[place]!, to, isWanted: isWanted[place]! }));
  const wanted = pieces.filter((piece) => piece.isWanted);
  const slices = wanted.length > MOST_APART ? pieces : wanted;
  const numbers = new Map(slices.map((slice, number) => [slice.from, number]));
  const slicesIn = ({ from, to }: Window): number[] => {
    const starts = bounds.slice(places.get(from), places.get(to));
    return starts.map((start) => numbers.get(start)!);
  };
  const asked = slices.length === pieces.length ? 'all' : 'last';
  return { cut: { slices, whole: false, asked }, at: windows.map(slicesIn) };
}

/** Whether any of the windows has what lies between a bound and the next. */
function coverOf(windows: readonly Window[], places: ReadonlyMap<number, number>): boolean[] {
  const changes = Array.from(places, () => 0);
  for (const { from, to } of windows) {
    changes[places.get(from)!]! += 1;
    changes[places.get(to)!]! -= 1;
  }
  let open = 0;
  return changes.map((change) => (open += change) > 0);
}
