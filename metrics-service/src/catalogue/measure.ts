import { column, type Column, type Expression } from './columns.js';

/** The names of the bases: `catalogue/bases/` has a file for each. */
export type BaseName =
  | 'runs'
  | 'parts'
  | 'phases'
  | 'counters'
  | 'newcomers'
  | 'people'
  | 'sessions'
  | 'closed_items'
  | 'escalations'
  | 'tool_calls'
  | 'live'
  | 'failures'
  | 'fortnight'
  | 'spending'
  | 'runaways';

/**
 * How the rows of a group become one value. count: rows, or rows where `of` is known; sum, max: of known values;
 * distinct: the number of different known values; percentile: continuous, like PostgreSQL's percentile_cont.
 */
export type Fold =
  | { readonly kind: 'count'; readonly of?: Expression }
  | { readonly kind: 'sum' | 'max' | 'distinct'; readonly of: Expression }
  | { readonly kind: 'percentile'; readonly of: Expression; readonly fraction: number };

/**
 * A building block of metrics, as data: it gives the SQL (`catalogue/aggregates.ts`), the value over nothing, and
 * whether parts of it add up.
 */
export interface Measure<B extends BaseName = BaseName> {
  readonly base: B;
  readonly name: string;
  readonly fold: Fold;
  /** the rows it takes; by default all of the base */
  readonly where?: Expression;
  /** its value if there are no rows, or none is known */
  readonly overNothing: 0n | null;
  /** of decimal numbers: its value is `DECIMAL_UNIT` times theirs */
  readonly decimal?: true;
  /** what it needs to know about the runs, if that may be unknown */
  readonly about?: Known;
}

/** What may be known for some runs only: notices say for how many. */
export type Known = 'cost' | 'tokens';

/** A measure's value in one group and time slice; null is unknown. */
export type MeasureValue = bigint | number | null;

export type Definition = Omit<Measure, 'base' | 'name'>;
type Options = Pick<Definition, 'where' | 'about'>;

/** The number of rows. */
export function count(options: Options = {}): Definition {
  return { fold: { kind: 'count' }, overNothing: 0n, ...options };
}

/** The number of rows where the column is known. */
export function countKnown(of: Column | Expression, options: Options = {}): Definition {
  return { fold: { kind: 'count', of: expressionOf(of) }, overNothing: 0n, ...options };
}

/** An exact sum; 0 over nothing. */
export function sum(of: Column | Expression, options: Options = {}): Definition {
  return { fold: { kind: 'sum', of: expressionOf(of) }, overNothing: 0n, ...options };
}

/** An exact sum of the known values; unknown if there are none. */
export function sumIfKnown(of: Column | Expression, options: Options = {}): Definition {
  return { fold: { kind: 'sum', of: expressionOf(of) }, overNothing: null, ...options };
}

/** An exact sum of decimal numbers, in units of 1 / `DECIMAL_UNIT`; 0 over nothing. */
export function decimalSum(of: Column): Definition {
  return { fold: { kind: 'sum', of: column(of) }, overNothing: 0n, decimal: true };
}

/** The greatest known value; unknown if there is none. */
export function max(of: Column, options: Options = {}): Definition {
  return { fold: { kind: 'max', of: column(of) }, overNothing: null, ...options };
}

/** The number of different known values. */
export function distinct(of: Column | Expression, options: Options = {}): Definition {
  return { fold: { kind: 'distinct', of: expressionOf(of) }, overNothing: 0n, ...options };
}

/** A percentile of the known values, as float8; null if there are none. */
export function percentile(fraction: number, of: Column | Expression, options: Options = {}): Definition {
  return { fold: { kind: 'percentile', of: expressionOf(of), fraction }, overNothing: null, ...options };
}

function expressionOf(of: Column | Expression): Expression {
  return typeof of === 'string' ? column(of) : of;
}

/** Names the measures of one base. */
export function measuresOf<B extends BaseName, const D extends Record<string, Definition>>(
  base: B,
  definitions: D,
): { readonly [Name in keyof D]: Measure<B> } {
  // what another base defines can be measured over this one
  const entries = Object.entries(definitions).map(([name, definition]) => [name, { ...definition, base, name }]);
  return Object.fromEntries(entries) as { [Name in keyof D]: Measure<B> };
}

/** Whether the measures of any partition of the rows add up to the measure of all. */
export function isAdditive({ fold }: Measure): boolean {
  return fold.kind === 'count' || fold.kind === 'sum';
}

/** The columns that a measure reads. */
export function columnsOf({ fold, where }: Measure): readonly Column[] {
  return [...(fold.of?.columns ?? []), ...(where?.columns ?? [])];
}
