import { baseOf } from '../catalogue/bases/index.js';
import type { BaseName } from '../catalogue/measure.js';
import type { Grid, Group } from './grid.js';
import { compareTexts } from './order.js';

/** Of different phases or counters there is no sum: those over too few people are left out. */
const WITHOUT_SUM: readonly BaseName[] = ['phases', 'counters'];

/**
 * Which groups are shown, per slice, where numbers over few people are hidden. The others are told together, and that must
 * not tell of few people either: as long as they are fewer, the smallest group that is shown is counted among them.
 */
export class Folding {
  readonly #slices: readonly Slice[];

  constructor(
    private readonly grid: Grid,
    private readonly base: BaseName,
    private readonly least: number,
  ) {
    this.#slices = WITHOUT_SUM.includes(base) ? [] : grid.cut.slices.map((_, slice) => this.#sliceOf(slice));
  }

  /** Folds where the hidden are too few however one counts; whether anything is hidden at all. */
  begin(): boolean {
    const hiding = this.#slices.filter(({ hidden }) => hidden.length > 0);
    if (hiding.length === 0) return false;
    this.grid.remainder.kinds.add(this.base);
    for (const one of hiding) {
      const atMost = one.hidden.reduce((sum, group) => sum + this.#people(group, one.slice), 0);
      if (atMost < this.least) this.#foldSmallest(one);
    }
    return true;
  }

  /** Folds where the hidden turned out to be too few; whether it did. */
  foldMore(): boolean {
    const few = this.#slices.filter(
      ({ hidden, slice }) => hidden.length > 0 && this.#people(this.grid.remainder, slice) < this.least,
    );
    return few.map((one) => this.#foldSmallest(one)).includes(true);
  }

  shownKeys(): Group['key'][][] {
    return this.#slices.map(({ shown }) => shown.map(({ key }) => key));
  }

  #sliceOf(slice: number): Slice {
    const { rows } = baseOf(this.base);
    const groups = this.grid.groups.filter((group) => this.#count(rows, group, slice) > 0);
    const isShown = (group: Group): boolean => this.#people(group, slice) >= this.least;
    return { slice, shown: groups.filter(isShown), hidden: groups.filter((group) => !isShown(group)) };
  }

  #foldSmallest({ slice, shown }: Slice): boolean {
    const smallest = shown.reduce<Group | null>(
      (least, group) => (least === null || this.#isBefore(group, least, slice) ? group : least),
      null,
    );
    if (smallest === null) return false;
    shown.splice(shown.indexOf(smallest), 1);
    this.grid.fold(smallest, { base: this.base }, slice);
    return true;
  }

  /** By people, then by the values themselves. */
  #isBefore(one: Group, other: Group, slice: number): boolean {
    const difference = this.#people(one, slice) - this.#people(other, slice);
    return difference < 0 || (difference === 0 && compareTexts(one.key, other.key) < 0);
  }

  #people(group: Group, slice: number): number {
    return this.#count(baseOf(this.base).people, group, slice);
  }

  #count(measure: Parameters<Grid['measure']>[0], group: Group, slice: number): number {
    return Number(this.grid.measure(measure, group, slice) ?? 0);
  }
}

interface Slice {
  readonly slice: number;
  readonly shown: Group[];
  readonly hidden: readonly Group[];
}
