import { column, type Column, type Expression } from './columns.js';

/** The names of the bases: `catalogue/bases/` has a file for each. */
export type BaseName = 'runs' | 'parts' | 'phases' | 'sessions';

/**
 * How the rows of a group become one value. count: how many there are, or of how many `of` is known; sum, max: of what
 * is known; distinct: how many different known values; percentile: continuous, as PostgreSQL's percentile_cont.
 */
export type Fold =
  | { readonly kind: 'count'; readonly of?: Expression }
  | { readonly kind: 'sum' | 'max' | 'distinct'; readonly of: Expression }
  | { readonly kind: 'percentile'; readonly of: Expression; readonly fraction: number };

/**
 * A building block, as data: raw SQL is made of it (`query/sql/aggregates.ts`), and what its value over nothing is, and
 * whether parts of it add up, can be read off it.
 */
export interface Measure<B extends BaseName = BaseName> {
  readonly base: B;
  readonly name: string;
  readonly fold: Fold;
  /** which rows of the base; all where it is left out */
  readonly where?: Expression;
  /** what it is where there is no row, or nothing is known */
  readonly overNothing: 0n | null;
  /** what of the runs has to be known for it, where that may be unknown */
  readonly about?: Known;
}

/** What may be known of some runs and unknown of others: notices say of how many. */
export type Known = 'cost' | 'tokens';

/** A measure's value in one group and time slice; null is unknown. */
export type MeasureValue = bigint | number | null;

export type Definition = Omit<Measure, 'base' | 'name'>;
type Options = Pick<Definition, 'where' | 'about'>;

/** The number of rows. */
export function count(options: Options = {}): Definition {
  return { fold: { kind: 'count' }, overNothing: 0n, ...options };
}

/** The number of rows in which the column is known. */
export function countKnown(of: Column | Expression, options: Options = {}): Definition {
  return { fold: { kind: 'count', of: expressionOf(of) }, overNothing: 0n, ...options };
}

/** An exact sum, 0 over nothing. */
export function sum(of: Column | Expression, options: Options = {}): Definition {
  return { fold: { kind: 'sum', of: expressionOf(of) }, overNothing: 0n, ...options };
}

/** An exact sum of what is known, unknown where nothing is. */
export function knownSum(of: Column, options: Options = {}): Definition {
  return { fold: { kind: 'sum', of: column(of) }, overNothing: null, ...options };
}

/** The greatest known value, unknown over nothing. */
export function max(of: Column, options: Options = {}): Definition {
  return { fold: { kind: 'max', of: column(of) }, overNothing: null, ...options };
}

/** The number of different known values. */
export function distinct(of: Column | Expression, options: Options = {}): Definition {
  return { fold: { kind: 'distinct', of: expressionOf(of) }, overNothing: 0n, ...options };
}

/** A percentile of the known values, a float8, null over nothing. */
export function percentile(fraction: number, of: Column, options: Options = {}): Definition {
  return { fold: { kind: 'percentile', of: column(of), fraction }, overNothing: null, ...options };
}

function expressionOf(of: Column | Expression): Expression {
  return typeof of === 'string' ? column(of) : of;
}

/** Names the measures of one base. */
export function measuresOf<B extends BaseName, const D extends Record<string, Definition>>(
  base: B,
  definitions: D,
): { readonly [Name in keyof D]: Measure<B> } {
  const entries = Object.entries(definitions).map(([name, definition]) => [name, { base, name, ...definition }]);
  return Object.fromEntries(entries) as { [Name in keyof D]: Measure<B> };
}

/** Whether the measure of all rows is the sum of those of any parts of them. */
export function isAdditive({ fold }: Measure): boolean {
  return fold.kind === 'count' || fold.kind === 'sum';
}

/** The columns that a measure reads. */
export function columnsOf({ fold, where }: Measure): readonly Column[] {
  return [...(fold.of?.columns ?? []), ...(where?.columns ?? [])];
}
