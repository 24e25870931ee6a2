import { baseOf } from '../catalogue/bases/index.js';
import { readDecimal } from '../catalogue/exact.js';
import type { BaseName, Measure, MeasureValue } from '../catalogue/measure.js';
import type { BudgetUse, DataAge, SourceAge, Trailing } from '../catalogue/metric.js';
import type { UsualSum } from './usual.js';

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
  /** the slices, by base, in which it is counted among what is not shown */
  readonly folded: Set<string>;
}

/** A measure's key; two bases may use the same name. */
export type Named = Pick<Measure, 'name'> & { readonly base: string };

export function inSlice({ base, name }: Named, slice: number): string {
  return `${base} ${name} ${slice}`;
}

/** A measure's values in the slices in which the group has any. */
export function valuesIn({ measures }: Group, measure: Named): Map<number, MeasureValue> {
  const prefix = inSlice(measure, 0).slice(0, -1);
  const found = new Map<number, MeasureValue>();
  for (const [key, value] of measures) {
    if (key.startsWith(prefix)) found.set(Number(key.slice(prefix.length)), value);
  }
  return found;
}

/** The key for the distinct users of the last `days` days, kept with the measures. */
export function trailing(days: number): Named {
  return { base: 'trailing', name: String(days) };
}

/** The key for the age of a source, kept with the measures. */
export const SOURCE_AGE: Named = { base: 'sources', name: 'age' };

/** The key for what of a budget's limit is spent (or will be), kept with the measures. */
export function budgetUse({ of }: BudgetUse): Named {
  return { base: 'budgets', name: of };
}

/** A measure as sent by the database, or its value over nothing if none was sent. */
export function readMeasure(measure: Measure, value: string | number | boolean | null | undefined): MeasureValue {
  if (value == null) return measure.overNothing;
  if (measure.decimal) return readDecimal(value as string);
  return measure.fold.kind === 'percentile' ? Number(value) : BigInt(value);
}

/** What a value says of the rows that it is about. */
export type About = Trailing | OfNobody | OfBase;
/** What is about no rows of people. */
export type OfNobody = DataAge | SourceAge | Pick<BudgetUse, 'base'>;
interface OfBase {
  readonly base: BaseName | 'usual';
  readonly ofRuns?: readonly Measure<'runs'>[];
}

/** The rows that a value is about, of each kind. */
export function partsOf<A extends About>(value: A): (A | OfBase)[] {
  return 'ofRuns' in value && value.ofRuns ? [{ base: value.base }, { base: 'runs' }] : [value];
}

export function kindOf(value: About): string {
  if (value.base === 'trailing') return `trailing ${value.days}`;
  return baseNameOf(value.base);
}

/** What is compared with the usual is a sum over runs. */
function baseNameOf<B extends BaseName | OfNobody['base']>(base: B | 'usual'): B | 'runs' {
  return base === 'usual' ? 'runs' : base;
}

export function emptyGroup(key: Group['key']): Group {
  return { key, measures: new Map(), kinds: new Set(), earlier: new Map(), folded: new Set() };
}

/** Whether it is shown whoever is behind it: who may see it is decided where it is read. */
export function isOfNobody(value: About): value is OfNobody {
  return value.base === 'data' || value.base === 'sources' || value.base === 'budgets';
}

/** The measures that say how many rows, and how many people, are behind a value. */
export function behind(value: Exclude<About, OfNobody>): { rows: Named; people: Named } {
  if (value.base !== 'trailing') return baseOf(baseNameOf(value.base));
  const users = trailing(value.days);
  return { rows: users, people: users };
}
