import { runs } from '../catalogue/bases/runs.js';
import { toolCalls } from '../catalogue/bases/tool-calls.js';
import type { Expression } from '../catalogue/columns.js';
import { aliasOf } from '../catalogue/columns.js';
import type { Measure } from '../catalogue/measure.js';
import { ROLLED_DIMENSIONS, TOOL, type KeptBy, type RolledDimension } from './dimensions.js';
import { valuesOf } from './names.js';
import { CALLS, ROWS, type Sums } from './kept.js';

/** A measure whose values are kept in order. */
export type Percentile = Measure<'runs' | 'tool_calls'> & { readonly fold: { readonly kind: 'percentile' } };

function isPercentile(measure: Measure): measure is Percentile {
  return measure.fold.kind === 'percentile';
}

/** The percentiles that are found from values in order: of all rows of a base, of what a write of the row itself marks. */
export const ROLLED_PERCENTILES: readonly Percentile[] = [...Object.values(runs), ...Object.values(toolCalls)]
  .filter(isPercentile)
  .filter(({ fold, where }) => !where && fold.of.columns.every((column) => aliasOf(column) === 'r'));

/** What is kept in order, by the name under which it is: that of the first percentile of it. */
const KEPT = new Map<string, Expression>();
for (const { name, fold } of ROLLED_PERCENTILES) {
  if (![...KEPT.values()].some(({ sql }) => sql === fold.of.sql)) KEPT.set(name, fold.of);
}

/** The name under which the values of a percentile are kept. */
export function keptAs({ fold }: Percentile): string {
  return [...KEPT].find(([, { sql }]) => sql === fold.of.sql)![0];
}

/** The dimensions by which values are kept, each with a copy of them all: of durations alone. */
export const VALUES_BY: readonly RolledDimension[] = ROLLED_DIMENSIONS.filter(({ name }) =>
  ['model', 'outcome', 'runtime'].includes(name),
);
const BY_ALONE = keptAs(runs.p95_duration_ms as Percentile);

/** Whether values are kept of the percentile by the dimension, where any are. */
export function isKeptBy(by: KeptBy | null, measure: Percentile): boolean {
  return by === null || measure.base === 'tool_calls' || keptAs(measure) === BY_ALONE;
}

/** The first value of each bucket but the first; a bucket is at most a sixteenth as wide as its values. */
export const BUCKETS: readonly number[] = bounds(16);

function bounds(perOctave: number): number[] {
  const all = Array.from({ length: perOctave }, (_, value) => value);
  for (let width = 1; perOctave * width < 2 ** 31; width *= 2) {
    for (let one = perOctave; one < 2 * perOctave; one++) all.push(one * width);
  }
  return all;
}

/** Greater values are kept as this one, negative ones as -1: where one of these is asked for, the runs are read. */
export const GREATEST_VALUE = 2 ** 31 - 1;

/** As it is kept. */
export function clipped(value: string): string {
  return `least(greatest(${value}, -1), ${GREATEST_VALUE})::integer`;
}

/** Replaces `sorted` of `t` by rows as they are stored. */
const INSERT = `
insert into rollup_values (org_id, measure, dimension, minutes, at, value, buckets, counts, sorted)
select $1, t.measure, t.dimension, $3::smallint, t.at, t.value, histogram.buckets, histogram.counts, t.sorted`;
const JOIN_HISTOGRAM = `
cross join lateral (
  select array_agg(bucket order by bucket) as buckets, array_agg(count order by bucket) as counts
  from (
    select width_bucket(one, array[${BUCKETS.join(', ')}])::smallint as bucket, count(*)::integer as count
    from unnest(t.sorted) one
    group by 1
  ) counted
) histogram`;

/** Each kind of value that is kept of runs: of all, and by dimensions. */
const OF_RUNS = [
  ...[...KEPT]
    .filter(([name]) => name in runs)
    .map(([name, { sql }]) => ({ dimension: '', value: "''", measure: name, one: sql })),
  ...VALUES_BY.map(({ name, value }) => ({
    ...{ dimension: name, value: `coalesce(${value.sql}, '')`, measure: BY_ALONE },
    one: KEPT.get(BY_ALONE)!.sql,
  })),
];

/** Those of tool calls, by the tool alone. */
const OF_CALLS = [...KEPT]
  .filter(([name]) => name in toolCalls)
  .map(([name, { sql }]) => ({ dimension: TOOL.name, value: TOOL.value.sql, measure: name, one: sql }));

/** The kinds of values of some rows, of which `rows` is the SQL. */
function sumsOf(kinds: typeof OF_RUNS, rows: string): Sums {
  const values = kinds.map(({ dimension, value, measure, one }) => `('${dimension}', ${value}, '${measure}', ${one})`);
  const measures = [...new Set(kinds.map(({ measure }) => `'${measure}'`))];
  return {
    table: 'rollup_values',
    by: [...new Set(kinds.map(({ dimension }) => dimension))].map((name) => ({
      dimension: name,
      levels: valuesOf(name),
    })),
    ofRuns: `${INSERT}
from (
  select d.measure, d.dimension, slot.at, d.value, array_agg(${clipped('d.one')} order by d.one) as sorted${rows}
  cross join lateral (values ${values.join(', ')}) d (dimension, value, measure, one)
  where d.dimension = any($4::text[])
    and d.one is not null
  group by d.measure, d.dimension, slot.at, d.value
) t${JOIN_HISTOGRAM}`,
    ofSlots: `${INSERT}
from (
  select shorter.measure, shorter.dimension, slot.at, shorter.value, array_agg(one order by one) as sorted
  from unnest($2::timestamptz[]) slot (at)
  cross join unnest(array[${measures.join(', ')}]) m (measure)
  cross join unnest($5::text[]) d (dimension)
  cross join lateral (
    select *
    from rollup_values
    where org_id = $1
      and measure = m.measure
      and dimension = d.dimension
      and minutes = $4::smallint
      and at >= slot.at
      and at < slot.at + $3::smallint * interval '1 minute'
    offset 0
  ) shorter
  cross join unnest(shorter.sorted) one
  group by shorter.measure, shorter.dimension, slot.at, shorter.value
) t${JOIN_HISTOGRAM}`,
  };
}

export const SUMS_OF_VALUES = sumsOf(OF_RUNS, ROWS);
export const SUMS_OF_VALUES_OF_CALLS = sumsOf(OF_CALLS, CALLS);
