import type { Dimension, DimensionName } from '../catalogue/dimensions.js';
import { readDecimal } from '../catalogue/exact.js';
import type { Cases, Cell } from '../catalogue/formula.js';
import type { BaseName, Measure, MeasureValue } from '../catalogue/measure.js';
import { baseOf } from '../catalogue/bases/index.js';
import type { DataAge, MetricValue, SourceAge, ToUsual, Trailing } from '../catalogue/metric.js';
import type { Window } from './buckets.js';
import type { Cut } from './cut.js';
import { toUsual, type UsualSum } from './usual.js';

/** Slices are numbered from 0; this number is the whole window. */
export const WHOLE = -1;

/** One group: its dimension values in `groupBy` order (null: rows without a value), and its measures. */
export interface Group {
  readonly key: readonly (string | null)[];
  readonly measures: Map<string, MeasureValue>;
  /** of which kinds rows fall in it, at any point (`kindOf`) */
  readonly kinds: Set<string>;
  /** per sum and slice: the sums of the earlier windows that count */
  readonly earlier: Map<string, UsualSum[]>;
}

/** A measure's key; two bases may use the same name. */
type Named = Pick<Measure, 'name'> & { readonly base: string };

function inSlice({ base, name }: Named, slice: number): string {
  return `${base} ${name} ${slice}`;
}

/** The key for the distinct users of the last `days` days, kept with the measures. */
export function trailing(days: number): Named {
  return { base: 'trailing', name: String(days) };
}

/** The key for the age of a source, kept with the measures. */
export const SOURCE_AGE: Named = { base: 'sources', name: 'age' };

/** A measure as sent by the database, or its value over nothing if none was sent. */
export function readMeasure(measure: Measure, value: string | number | boolean | null | undefined): MeasureValue {
  if (value == null) return measure.overNothing;
  if (measure.decimal) return readDecimal(value as string);
  return measure.fold.kind === 'percentile' ? Number(value) : BigInt(value);
}

/** What a value says of the rows that it is about. */
type About = Trailing | DataAge | SourceAge | { readonly base: BaseName | 'usual' };

function kindOf(value: About): string {
  if (value.base === 'trailing') return `trailing ${value.days}`;
  return baseNameOf(value.base);
}

/** What is compared with the usual is a sum over runs. */
function baseNameOf<B extends BaseName | 'data' | 'sources'>(base: B | 'usual'): B | 'runs' {
  return base === 'usual' ? 'runs' : base;
}

/** The measures that say how many rows, and how many people, are behind a value. */
function behind(value: Exclude<About, DataAge | SourceAge>): { rows: Named; people: Named } {
  if (value.base !== 'trailing') return baseOf(baseNameOf(value.base));
  const users = trailing(value.days);
  return { rows: users, people: users };
}

/** The statements' results: measures per group and slice, joined on the groups' values. Pure. */
export class Grid {
  private readonly byKey = new Map<string, Group>();
  private readonly sums = new Map<string, Map<string, bigint>>();
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
    // without grouping there is always exactly one row
    if (dimensions.length === 0) this.group([], null);
  }

  /** The group of that key, created if missing; rows that such a value is about fall in it. */
  group(key: Group['key'], about: About | null): Group {
    const text = JSON.stringify(key);
    const found = this.byKey.get(text) ?? { key, measures: new Map(), kinds: new Set(), earlier: new Map() };
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
    if (value.base === 'data') return this.dataAgeMs;
    if (value.base === 'sources') return this.measured(SOURCE_AGE, group, slice);
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
    if (this.minimumGroupSize === 0 || value.base === 'data' || value.base === 'sources') return true;
    const { rows, people } = behind(value);
    return this.measured(rows, group, slice) === 0 || this.measured(people, group, slice) >= this.minimumGroupSize;
  }

  /** Whether rows that the value is about fall in the group; where numbers over few people are hidden: of enough people. */
  hasRows(value: About, group: Group): boolean {
    if (!group.kinds.has(kindOf(value))) return false;
    if (this.minimumGroupSize === 0 || value.base === 'data' || value.base === 'sources') return true;
    const { people } = behind(value);
    const slices = [...this.cut.slices.keys(), WHOLE];
    return slices.some((slice) => this.measured(people, group, slice) >= this.minimumGroupSize);
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
    return {
      windowMs: to - from,
      value: (measure) => group.measures.get(inSlice(measure, slot)) ?? measure.overNothing,
      across: (measure, dimension) => {
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
