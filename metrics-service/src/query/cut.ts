import type { Window } from './buckets.js';

/** How the window is cut into adjoining slices. */
export interface Cut {
  readonly slices: readonly Window[];
  /** whether a value over all slices is wanted too */
  readonly whole: boolean;
  /** the asked window: all slices; with `compare` only the last one, which follows the window before */
  readonly asked: 'all' | 'last';
}

/** From the first slice's start to the last slice's end. */
export function spanOf({ slices }: Cut): Window {
  return { from: slices[0]!.from, to: slices.at(-1)!.to };
}

/** The slices, and where a value over all of them is wanted, all of them as the last one. */
export function windowsOf(cut: Cut): readonly Window[] {
  return cut.whole ? [...cut.slices, spanOf(cut)] : cut.slices;
}

/** Whether rows carry their slice's number. */
export function isSliced(cut: Cut): boolean {
  return cut.whole || cut.slices.length > 1;
}
