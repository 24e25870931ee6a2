import type { Dimension, DimensionName } from '../catalogue/dimensions.js';
import type { Cases, Cell } from '../catalogue/formula.js';
import type { Measure, MeasureValue } from '../catalogue/measure.js';
import type { MetricValue, ToUsual } from '../catalogue/metric.js';
import { NOT_SHOWN } from '../contract/query.js';
import type { Window } from './buckets.js';
import type { Cut } from './cut.js';
import {
  behind,
  budgetUse,
  emptyGroup,
  inSlice,
  isOfNobody,
  kindOf,
  partsOf,
  SOURCE_AGE,
  trailing,
  WHOLE,
} from './group.js';
import type { About, Group, Named } from './group.js';
import { toUsual, type UsualSum } from './usual.js';

export { budgetUse, readMeasure, SOURCE_AGE, trailing, WHOLE, type Group } from './group.js';

/** The statements' results: measures per group and slice, joined on the groups' values. Pure. */
export class Grid {
  private readonly byKey = new Map<string, Group>();
  private readonly sums = new Map<string, Map<string, bigint>>();
  /** The groups over too few people together (`remainder.ts`), per slice of the cut; not one of `groups`. */
  readonly remainder: Group;
  /** now − the newest event, in ms */
  dataAgeMs: number | null = null;

  constructor(
    readonly dimensions: readonly Dimension[],
    readonly cut: Cut,
    /** numbers over fewer people are hidden */
    private readonly minimumGroupSize = 0,
    /** every value is unknown: the viewer may see nothing */
    readonly isBlind = false,
  ) {
    this.remainder = emptyGroup(dimensions.map(() => NOT_SHOWN));
    // without grouping there is always exactly one row
    if (dimensions.length === 0) this.group([], null);
  }

  /** The group of that key, created if missing; rows that such a value is about fall in it. */
  group(key: Group['key'], about: About | null): Group {
    const text = JSON.stringify(key);
    const found = this.byKey.get(text) ?? emptyGroup(key);
    this.byKey.set(text, found);
    if (about !== null) found.kinds.add(kindOf(about));
    return found;
  }

  /** The group of that key, if it has any rows. */
  existing(key: Group['key']): Group | undefined {
    return this.byKey.get(JSON.stringify(key));
  }

  get groups(): Group[] {
    return [...this.byKey.values()];
  }

  set(group: Group, measure: Named, slice: number, value: MeasureValue): void {
    group.measures.set(inSlice(measure, slice), value);
  }

  /** Adds to the existing value; unknown adds nothing. */
  add(group: Group, measure: Named, slice: number, value: MeasureValue): void {
    if (typeof value !== 'bigint') return;
    const sum = group.measures.get(inSlice(measure, slice)) ?? 0n;
    group.measures.set(inSlice(measure, slice), BigInt(sum) + value);
  }

  /** Notes the sum of an earlier window, which the slice's own is compared with. */
  addEarlier({ measures: [sum] }: ToUsual, group: Group, slice: number, value: UsualSum): void {
    const key = inSlice(sum, slice);
    group.earlier.set(key, [...(group.earlier.get(key) ?? []), value]);
  }

  /** A metric's value for a group in a slice, or in the whole window; null if it is hidden. */
  value(value: MetricValue, group: Group, slice: number): number | null {
    if (this.isBlind || !this.isTold(value, group, slice)) return null;
    if (group === this.remainder && !this.hasRemainder(value, slice)) return null;
    if (value.base === 'data') return this.dataAgeMs;
    if (value.base === 'sources') return this.measured(SOURCE_AGE, group, slice);
    if (value.base === 'budgets') return this.known(budgetUse(value), group, slice);
    if (value.base === 'trailing') return this.measured(trailing(value.days), group, slice);
    const cell = this.cell(group, slice);
    if (value.base !== 'usual') return value.evaluate(cell);
    const [sum, rows] = value.measures;
    const earlier = group.earlier.get(inSlice(sum, this.slot(slice))) ?? [];
    return toUsual(cell.value(rows) === 0n ? 0n : cell.value(sum), earlier);
  }

  /** The cases behind a share, where it may be shown; null for what is no share of cases. */
  cases(value: MetricValue, group: Group, slice: number): Cases | null {
    if (this.isBlind || !('cases' in value) || !value.cases || !this.isTold(value, group, slice)) return null;
    return value.cases(this.cell(group, slice));
  }

  /** Whether enough people are behind the value to show it, or none are. */
  isTold(value: About, group: Group, slice: number): boolean {
    if (this.minimumGroupSize === 0 || isOfNobody(value)) return true;
    if (this.isFolded(value, group, slice)) return false;
    return partsOf(value).every((part) => {
      const { rows, people } = behind(part);
      return this.measured(rows, group, slice) === 0 || this.measured(people, group, slice) >= this.minimumGroupSize;
    });
  }

  /** Counts a group among what is not shown in a slice: its values of that base are hidden from then on. */
  fold(group: Group, value: About, slice: number): void {
    group.folded.add(this.folding(value, slice));
  }

  private isFolded(value: About, group: Group, slice: number): boolean {
    return partsOf(value).some((part) => group.folded.has(this.folding(part, slice)));
  }

  private folding(value: About, slice: number): string {
    return `${kindOf(value)} ${this.slot(slice)}`;
  }

  /** Whether what is not shown has rows that the value is about, of enough people. */
  isRemainderShown(value: MetricValue): boolean {
    if (!('measures' in value) || !this.remainder.kinds.has(kindOf(value))) return false;
    return this.cut.slices.some((_, slice) => {
      const isThere = this.measured(behind(value).rows, this.remainder, slice) > 0;
      return isThere && this.hasRemainder(value, slice) && this.isTold(value, this.remainder, slice);
    });
  }

  /** Whether the value of what is not shown is known: it is summed over slices alone, and compared with nothing. */
  private hasRemainder(value: MetricValue, slice: number): boolean {
    if (!this.remainder.kinds.has(kindOf(value)) || value.base === 'usual' || partsOf(value).length > 1) return false;
    return slice !== WHOLE || !this.cut.whole;
  }

  /** Whether rows that the value is about fall in the group; where numbers over few people are hidden: of enough people. */
  hasRows(value: About, group: Group): boolean {
    const isIn = (part: About): boolean => group.kinds.has(kindOf(part));
    if (this.minimumGroupSize === 0 || isOfNobody(value)) return partsOf(value).some(isIn);
    const parts = partsOf(value).filter(isIn);
    const slices = [...this.cut.slices.keys(), WHOLE];
    return slices.some((slice) => {
      const people = parts.map((part) => this.measured(behind(part).people, group, slice));
      return people.some((count) => count >= this.minimumGroupSize) && !this.isFolded(value, group, slice);
    });
  }

  private known(measure: Named, group: Group, slice: number): number | null {
    const value = group.measures.get(inSlice(measure, this.slot(slice)));
    return value == null ? null : Number(value);
  }

  private measured(measure: Named, group: Group, slice: number): number {
    return Number(group.measures.get(inSlice(measure, this.slot(slice))) ?? 0);
  }

  /** A count of a group in the asked window. */
  count(measure: Measure, group: Group): bigint {
    const slices = this.cut.slices.map((_, slice) => slice).slice(this.cut.asked === 'last' ? -1 : 0);
    const counts = slices.map((slice) => group.measures.get(inSlice(measure, slice)));
    return counts.reduce<bigint>((sum, count) => sum + BigInt(count ?? 0), 0n);
  }

  /** The same by some of the dimensions only, with the measures added up: those of all groups must add up. */
  rolledUp(names: readonly DimensionName[]): Grid {
    const kept = names.map((name) => this.dimensions.findIndex((dimension) => dimension.name === name));
    const sums = new Grid(
      kept.map((index) => this.dimensions[index]!),
      this.cut,
    );
    for (const { key, kinds, measures } of this.byKey.values()) {
      const group = sums.group(
        kept.map((index) => key[index]!),
        null,
      );
      for (const kind of kinds) group.kinds.add(kind);
      for (const [name, value] of measures) {
        if (typeof value === 'bigint') group.measures.set(name, BigInt(group.measures.get(name) ?? 0n) + value);
      }
    }
    return sums;
  }

  /** A measure of a group in a slice. Whether it may be shown says `isTold`. */
  measure(measure: Measure, group: Group, slice: number): MeasureValue {
    return group.measures.get(inSlice(measure, this.slot(slice))) ?? measure.overNothing;
  }

  private cell(group: Group, slice: number): Cell {
    const { from, to } = this.windowOf(slice);
    const slot = this.slot(slice);
    const read = (measure: Measure): MeasureValue => group.measures.get(inSlice(measure, slot)) ?? measure.overNothing;
    return {
      windowMs: to - from,
      value: read,
      ofRuns: read,
      across: (measure, dimension) => {
        // of several values of the other dimension there is no one sum
        if (group === this.remainder && this.dimensions.length > 1) return 0n;
        const sums = this.sumsAcross(inSlice(measure, slot), dimension);
        return sums.get(this.keyWithout(group, dimension)) ?? 0n;
      },
    };
  }

  /** If there is no value over all slices, the last slice is the asked window. */
  private slot(slice: number): number {
    return slice === WHOLE && !this.cut.whole ? this.cut.slices.length - 1 : slice;
  }

  private windowOf(slice: number): Window {
    const { slices, whole } = this.cut;
    const last = slices.at(-1)!;
    if (slice !== WHOLE) return slices[slice]!;
    return whole ? { from: slices[0]!.from, to: last.to } : last;
  }

  private sumsAcross(name: string, dimension: DimensionName): Map<string, bigint> {
    const found = this.sums.get(`${name} ${dimension}`);
    if (found) return found;
    const sums = new Map<string, bigint>();
    for (const group of this.byKey.values()) {
      const key = this.keyWithout(group, dimension);
      const value = group.measures.get(name);
      if (typeof value === 'bigint') sums.set(key, (sums.get(key) ?? 0n) + value);
    }
    this.sums.set(`${name} ${dimension}`, sums);
    return sums;
  }

  private keyWithout({ key }: Group, dimension: DimensionName): string {
    return JSON.stringify(key.filter((_, index) => this.dimensions[index]?.name !== dimension));
  }
}
