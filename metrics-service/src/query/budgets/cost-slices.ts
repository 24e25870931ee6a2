import type { Window } from '../buckets.js';

/** More stretches than this are read as one, with what lies between them: a select for each takes long to plan. */
export const MOST_APART = 12;

/** Stretches of time whose costs are one sum. */
export type Stretches = readonly Window[];

/** A stretch that lies whole in each of the sums that it is part of. */
export interface Slice extends Window {
  /** those that are parts of the same sums are of one kind */
  readonly kind: number;
}

export interface Slices {
  /** in order; what is part of no sum is left out */
  readonly slices: readonly Slice[];
  /** of which kinds of slices a sum is made */
  readonly at: readonly (readonly number[])[];
}

/** Sums over stretches of time, cut into slices: what several have in common is read once. Pure. */
export function slicesOf(sums: readonly Stretches[]): Slices {
  const bounds = [...new Set(sums.flat().flatMap(({ from, to }) => [from, to]))].sort((one, other) => one - other);
  const places = new Map(bounds.map((bound, place) => [bound, place]));
  const partOf = bounds.map((): number[] => []);
  sums.forEach((stretches, sum) => {
    for (const { from, to } of stretches) {
      for (let place = places.get(from)!; bounds[place]! < to; place += 1) partOf[place]!.push(sum);
    }
  });
  const kinds = new Map<string, number>();
  const at = sums.map((): number[] => []);
  const slices: Slice[] = [];
  for (const [place, members] of partOf.entries()) {
    if (members.length === 0) continue;
    const name = members.join();
    const kind = kinds.get(name) ?? kinds.size;
    if (!kinds.has(name)) for (const sum of members) at[sum]!.push(kind);
    kinds.set(name, kind);
    slices.push({ from: bounds[place]!, to: bounds[place + 1]!, kind });
  }
  return { slices, at };
}

/** The slices as adjoining ones, or all as one if these are many: then with what lies between them, of no kind. Pure. */
export function stretchesOf(slices: readonly Slice[]): (Window & { readonly kind: number | null })[][] {
  const apart: Slice[][] = [];
  for (const slice of slices) {
    const last = apart.at(-1);
    if (last?.at(-1)!.to === slice.from) last.push(slice);
    else apart.push([slice]);
  }
  if (apart.length <= MOST_APART) return apart;
  const between = apart.slice(1).map((next, at) => ({ from: apart[at]!.at(-1)!.to, to: next[0]!.from, kind: null }));
  return [apart.flatMap((some, at) => (between[at] ? [...some, between[at]] : some))];
}
