/** What the rows of a measure are: runs, a run's parts by model, a run's phases, or active sessions. */
export type Base = 'runs' | 'parts' | 'phases' | 'sessions';

/**
 * count: an exact sum or count, 0 over nothing. known: an exact sum of what is known, null where nothing is.
 * distinct: the number of distinct values of a column. real: a float8, null over nothing.
 */
export type MeasureKind = 'count' | 'known' | 'distinct' | 'real';

/**
 * A building block: one SQL aggregate (distinct: a column) over the rows of one base, in the aliases that
 * `query/statements` gives its tables.
 */
export interface Measure<B extends Base = Base> {
  readonly base: B;
  readonly name: string;
  readonly kind: MeasureKind;
  readonly sql: string;
}

/** A measure's value in one group and time slice; null is unknown. */
export type MeasureValue = bigint | number | null;

type Aggregates = Record<string, readonly [MeasureKind, string]>;

/** Names the aggregates of one base. */
export function measuresOf<B extends Base, const A extends Aggregates>(
  base: B,
  aggregates: A,
): { readonly [Name in keyof A]: Measure<B> } {
  const entries = Object.entries(aggregates).map(([name, [kind, sql]]) => [name, { base, name, kind, sql }] as const);
  return Object.fromEntries(entries) as { [Name in keyof A]: Measure<B> };
}

/** What a measure is where its base has no row. */
export function emptyValue(measure: Measure): MeasureValue {
  return measure.kind === 'count' || measure.kind === 'distinct' ? 0n : null;
}
