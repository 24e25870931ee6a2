import type { DimensionName } from './dimensions.js';
import { divide } from './exact.js';
import type { BaseName, Measure, MeasureValue } from './measure.js';

/** The measures of one group in one time slice. */
export interface Cell<B extends BaseName = BaseName> {
  value(measure: Measure<B>): MeasureValue;
  /** The same measure summed over the groups that differ in `dimension` only. */
  across(measure: Measure<B>, dimension: DimensionName): bigint;
  /** a measure of the runs of the same slice, with those filters and groups of the query that runs take */
  ofRuns(measure: Measure<'runs'>): MeasureValue;
  /** length of the slice */
  readonly windowMs: number;
}

/** Computes a metric's value from the measures of one base. Mixing two bases does not compile. */
export interface Formula<B extends BaseName = BaseName> {
  readonly base: B;
  readonly measures: readonly Measure<B>[];
  evaluate(cell: Cell<B>): number | null;
  /** of a share of cases: these cases, where they are known */
  readonly cases?: (cell: Cell<B>) => Cases | null;
  /** what it reads of the runs in the window, beside the measures of its own base */
  readonly ofRuns?: readonly Measure<'runs'>[];
  /** whether it is a number of rows or of people */
  readonly counts?: boolean;
  /** whether it divides by the length of the window */
  readonly perTime?: true;
  /** SQL that orders rows by the value, given each measure's SQL for one row; absent if no list has such rows. */
  readonly order?: (sqlOf: (measure: Measure<B>) => string) => string;
}

/** `count` of `of` cases, each of which is one or is not. */
export interface Cases {
  readonly count: number;
  readonly of: number;
}

/** A sum and difference of measures: unknown if any of them is. */
export interface Combination<B extends BaseName = BaseName> {
  readonly base: B;
  readonly added: readonly Measure<B>[];
  readonly takenAway: readonly Measure<B>[];
}

type Term<B extends BaseName> = Measure<B> | Combination<B>;

const DAY_MS = 86_400_000n;

export { DECIMAL_UNIT, NANOS_PER_USD } from './exact.js';

export function plus<B extends BaseName>(...added: readonly [Measure<B>, ...Measure<NoInfer<B>>[]]): Combination<B> {
  return { base: added[0].base, added, takenAway: [] };
}

export function minus<B extends BaseName>(
  from: Measure<B>,
  ...takenAway: readonly Measure<NoInfer<B>>[]
): Combination<B> {
  return { base: from.base, added: [from], takenAway };
}

/** The term itself; `per` scales an exact one down. */
export function plain<B extends BaseName>(term: Term<B>, per = 1n): Formula<B> {
  return {
    base: term.base,
    measures: measuresIn(term),
    counts: 'fold' in term && (term.fold.kind === 'count' || term.fold.kind === 'distinct'),
    evaluate: (cell) => scaled(valueOf(term, cell), per),
    order: (sqlOf) => orderOf(term, sqlOf),
  };
}

/** `top ÷ bottom`; null if the top is unknown, or the bottom is 0 or unknown. `per` scales the result down. */
export function ratio<B extends BaseName>(top: Term<B>, bottom: Term<NoInfer<B>>, per = 1n): Formula<B> {
  return {
    base: top.base,
    measures: [...measuresIn(top), ...measuresIn(bottom)],
    evaluate: (cell) => quotient(valueOf(top, cell), valueOf(bottom, cell), per),
    order: (sqlOf) => `(${orderOf(top, sqlOf)})::float8 / nullif((${orderOf(bottom, sqlOf)})::float8, 0)`,
  };
}

/** `top` of the `bottom` cases: a ratio of which chance can be told, since each case is counted once. */
export function share<B extends BaseName>(top: Measure<B>, bottom: Measure<NoInfer<B>>): Formula<B> {
  return { ...ratio(top, bottom), cases: (cell) => casesOf(cell.value(top), cell.value(bottom)) };
}

function casesOf(count: MeasureValue, of: MeasureValue): Cases | null {
  return typeof count === 'bigint' && typeof of === 'bigint' ? { count: Number(count), of: Number(of) } : null;
}

/** A sum of known values over `rows` rows: 0 if there are no rows, null if there are but none is known. */
export function knownSum<B extends BaseName>(sum: Term<B>, rows: Measure<NoInfer<B>>, per = 1n): Formula<B> {
  return {
    base: sum.base,
    measures: [...measuresIn(sum), rows],
    evaluate: (cell) => (cell.value(rows) === 0n ? 0 : scaled(valueOf(sum, cell), per)),
    order: (sqlOf) => `case when ${sqlOf(rows)} = 0 then 0 else ${orderOf(sum, sqlOf)} end`,
  };
}

/** A measure ÷ the length of the window in days, a real number. */
export function perDay<B extends BaseName>(measure: Measure<B>): Formula<B> {
  return {
    base: measure.base,
    measures: [measure],
    perTime: true,
    evaluate: (cell) => {
      const value = cell.value(measure);
      return quotient(typeof value === 'bigint' ? value * DAY_MS : null, BigInt(cell.windowMs), 1n);
    },
  };
}

/** A measure ÷ the number of runs, which filters and groups that only the measure's base takes leave whole. */
export function perRun<B extends BaseName>(measure: Measure<B>, runs: Measure<'runs'>): Formula<B> {
  return {
    base: measure.base,
    measures: [measure],
    ofRuns: [runs],
    evaluate: (cell) => quotient(cell.value(measure), cell.ofRuns(runs), 1n),
  };
}

/** A group's share of the measure over all groups that differ only in `dimension`. */
export function shareAcross<B extends BaseName>(dimension: DimensionName, measure: Measure<B>): Formula<B> {
  return {
    base: measure.base,
    measures: [measure],
    evaluate: (cell) => quotient(cell.value(measure), cell.across(measure, dimension), 1n),
    cases: (cell) => casesOf(cell.value(measure), cell.across(measure, dimension)),
  };
}

function measuresIn<B extends BaseName>(term: Term<B>): readonly Measure<B>[] {
  return 'added' in term ? [...term.added, ...term.takenAway] : [term];
}

function valueOf<B extends BaseName>(term: Term<B>, cell: Cell<B>): MeasureValue {
  if (!('added' in term)) return cell.value(term);
  let total = 0n;
  for (const measure of measuresIn(term)) {
    const value = cell.value(measure);
    if (typeof value !== 'bigint') return null;
    total += term.takenAway.includes(measure) ? -value : value;
  }
  return total;
}

function orderOf<B extends BaseName>(term: Term<B>, sqlOf: (measure: Measure<B>) => string): string {
  if (!('added' in term)) return sqlOf(term);
  return [term.added.map(sqlOf).join(' + '), ...term.takenAway.map(sqlOf)].join(' - ');
}

function scaled(value: MeasureValue, per: bigint): number | null {
  return typeof value === 'bigint' ? divide(value, per) : value;
}

function quotient(top: MeasureValue, bottom: MeasureValue, per: bigint): number | null {
  if (typeof top !== 'bigint' || typeof bottom !== 'bigint' || bottom === 0n) return null;
  return divide(top, bottom * per);
}
