import type { Cut } from '../cut.js';
import type { Expression } from '../../catalogue/columns.js';
import type { Dimension } from '../../catalogue/dimensions.js';
import type { Measure } from '../../catalogue/measure.js';
import { aggregateOf } from '../../catalogue/aggregates.js';
import { expressionOf } from '../sql/conditions.js';
import { clause, textOf, type Draft, type Select } from '../sql/statement.js';
import type { Rows } from '../rows.js';

/** The measures of one base to compute, per group and slice of the window. */
export interface Aggregation {
  readonly measures: readonly Measure[];
  readonly groups: readonly Dimension[];
  readonly rows: Rows;
  readonly cut: Cut;
  readonly leftOut?: LeftOut;
}

/** Groups whose rows are left out, per slice of the cut: what remains is asked for as one. */
export interface LeftOut {
  readonly groups: readonly Dimension[];
  readonly keys: readonly (readonly (readonly (string | null)[])[])[];
}

/** Condition: the row is in none of the groups that are left out of its slice. */
export function remains({ groups, keys }: LeftOut, of: 'run' | 'session', slice: string | null, draft: Draft): string {
  const parts = [...(slice === null ? [] : [slice]), ...groups.map((group) => expressionOf(group, of).sql)];
  const written = keys.flatMap((ofSlice, index) =>
    ofSlice.map((key) => asArray(slice === null ? key : [index + 1, ...key])),
  );
  return `json_build_array(${parts.join(', ')})::text <> all(${draft.bind(written, 'text[]')})`;
}

/** As PostgreSQL writes it. */
function asArray(values: readonly (string | number | null)[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
}

/**
 * One select over all slices; to compare two windows one select for each, numbered, since reading each separately is
 * faster than sorting the rows of both by window.
 */
export function selectPerWindow(
  aggregation: Aggregation,
  select: (part: Aggregation, slice: string | null) => Select,
): Select {
  const { cut, leftOut } = aggregation;
  if (cut.asked === 'all') return select(aggregation, null);
  const selects = cut.slices.map((window, index) => {
    const ofPart = leftOut && { leftOut: { ...leftOut, keys: [leftOut.keys[index]!] } };
    const part = { ...aggregation, ...ofPart, cut: { slices: [window], whole: false, asked: 'all' } as const };
    return `(\n${textOf(select(part, `${index + 1} as slice`))}\n)`;
  });
  return { with: [], body: selects.join('\nunion all\n') };
}

/** `select` the groups by their expressions, then what else a row is keyed by, then the measures. */
export function selectClause(
  { groups, measures }: Aggregation,
  expressions: readonly Expression[],
  keys: readonly string[],
): string {
  const ofGroups = groups.map((group, index) => `${expressions[index]!.sql} as ${groupColumn(group)}`);
  const ofMeasures = measures.map((measure) => `${aggregateOf(measure)} as ${measure.name}`);
  return clause('select\n ', [...ofGroups, ...keys, ...ofMeasures], ',\n  ');
}

/** A group's column name in the result. */
export function groupColumn(dimension: Dimension): string {
  return `by_${dimension.name}`;
}

/** SQL for the slice of a time, numbered from 1. */
export function sliceOf(column: string, cut: Cut, draft: Draft): string {
  return `width_bucket(${column}, ${draft.instants(cut.slices.map(({ from }) => from))})`;
}

/** The slice's number as a column; slice 0 is the whole window, if that is wanted too. */
export function sliceColumn(slice: string, cut: Cut): string {
  return `${cut.whole ? `coalesce(${slice}, 0)` : slice} as slice`;
}

/** `group by` the keys per slice, and over all slices if the whole window is wanted. */
export function groupBy(keys: readonly string[], slice: string | null, cut: Cut): string {
  const perSlice = [...keys, slice].join(', ');
  if (cut.whole) return `group by grouping sets ((${keys.join(', ')}), (${perSlice}))`;
  if (cut.slices.length > 1) return `group by ${perSlice}`;
  return keys.length > 0 ? `group by ${keys.join(', ')}` : '';
}
