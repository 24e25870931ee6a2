import type { Window } from './buckets.js';

/** How time is cut: into adjoining slices. */
export interface Cut {
  readonly slices: readonly Window[];
  /** whether the slices together are wanted beside them */
  readonly whole: boolean;
  /** the asked window: all slices, or with `compare` the last, after the window before it */
  readonly asked: 'all' | 'last';
}

/** From the first slice's start to the last one's end. */
export function spanOf({ slices }: Cut): Window {
  return { from: slices[0]!.from, to: slices.at(-1)!.to };
}

/** Whether rows carry the number of their slice. */
export function isSliced(cut: Cut): boolean {
  return cut.whole || cut.slices.length > 1;
}
