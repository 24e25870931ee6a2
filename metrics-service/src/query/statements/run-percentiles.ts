import { baseOf } from '../../catalogue/bases/index.js';
import type { Dimension } from '../../catalogue/dimensions.js';
import type { BaseName } from '../../catalogue/measure.js';
import type { KeptBy } from '../../rollups/dimensions.js';
import { BUCKETS, clipped, keptAs, type Percentile } from '../../rollups/values.js';
import type { Window } from '../buckets.js';
import type { Filter } from '../filters.js';
import { expressionOf, filterCondition, joins } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { groupColumn } from './aggregation.js';
import { runRows } from './run-measures.js';
import { narrowed, piecesOf, valueOf, type SlotsOfSlice } from './run-sums.js';

/** Percentiles of the same column. */
export interface PercentilesOfSlots {
  readonly base: BaseName;
  readonly measures: readonly Percentile[];
  readonly slots: readonly SlotsOfSlice[];
  /** what is read from the runs */
  readonly raw: readonly (Window & { readonly slice: number })[];
  /** by what values are kept; null: of all runs */
  readonly by: KeptBy | null;
  /** null: no groups */
  readonly group: Dimension | null;
  readonly filters: readonly Filter[];
}

/** Of a slice and group: the two neighbouring values between which a percentile lies, and how far from the lower one. */
export interface FoundPercentile {
  readonly slice: number;
  /** which of the measures */
  readonly nth: number;
  readonly low: number;
  readonly high: number;
  readonly value: number;
}

/**
 * Continuous percentiles, computed as percentile_cont does. Numbers of values in buckets tell in which bucket a rank lies:
 * of the values in slots only those of that bucket are read.
 */
export function runPercentilesStatement(orgId: string, asked: PercentilesOfSlots): Statement {
  const draft = new Draft(orgId);
  const fractions = draft.bind(
    asked.measures.map(({ fold }) => fold.fraction),
    'float8[]',
  );
  const keys = asked.group ? 'slice, key' : 'slice';
  const parts = [
    { name: 'slots', sql: slotsOf(asked, draft), materialized: true },
    ...(asked.raw.length > 0 ? [{ name: 'near', sql: nearOf(asked, draft), materialized: true }] : []),
  ];
  const hasRaw = asked.raw.length > 0;
  const counted = [
    `select ${keys}, bucket, count from slots cross join unnest(buckets, counts) as counted (bucket, count)`,
    ...(hasRaw ? [`select ${keys}, bucket, 1 from near`] : []),
  ];
  const ranked = lines(
    'select',
    `  ${keys},`,
    '  bucket,',
    `  (sum(sum(count)) over (partition by ${keys} order by bucket) - sum(count))::bigint as below,`,
    '  sum(count)::bigint as count,',
    `  (sum(sum(count)) over (partition by ${keys}) - 1)::float8 as last`,
    'from (',
    `  ${counted.join('\n  union all\n  ')}`,
    ') counted',
    `group by ${keys}, bucket`,
  );
  const wanted = lines(
    `select ${keys}, bucket, below, nth, fraction * last as rank`,
    `from ranked cross join unnest(${fractions}) with ordinality as asked (fraction, nth)`,
    'where below <= ceil(fraction * last)',
    '  and below + count > floor(fraction * last)',
  );
  const read = [
    lines(
      `select ${keys}, w.bucket, one.value`,
      `from (select distinct ${keys}, bucket from wanted) w`,
      `join slots s using (${keys})`,
      'cross join lateral (select array_position(s.buckets, w.bucket) as nth offset 0) here',
      'cross join lateral (',
      '  select coalesce(sum(count), 0)::integer as count',
      '  from unnest(s.counts[:here.nth - 1]) as before (count)',
      '  offset 0',
      ') before',
      'cross join lateral unnest(s.sorted[before.count + 1:before.count + s.counts[here.nth]]) as one (value)',
      'where here.nth is not null',
    ),
    ...(hasRaw
      ? [
          lines(
            `select ${keys}, bucket, n.value`,
            `from (select distinct ${keys}, bucket from wanted) w`,
            `join near n using (${keys}, bucket)`,
          ),
        ]
      : []),
  ];
  const numbered = lines(
    `select ${keys}, bucket, value, row_number() over (partition by ${keys}, bucket order by value) - 1 as place`,
    'from (',
    `  ${read.join('\nunion all\n').replaceAll('\n', '\n  ')}`,
    ') found',
  );
  const body = lines(
    clause(
      'select\n ',
      [
        'slice',
        ...(asked.group ? [`nullif(key, '') as ${groupColumn(asked.group)}`] : []),
        'nth::integer - 1 as nth',
        'min(value) as low',
        'max(value) as high',
        'min(value)::float8 + (rank - floor(rank)) * (max(value)::float8 - min(value)::float8) as value',
      ],
      ',\n  ',
    ),
    'from wanted',
    `join numbered using (${keys}, bucket)`,
    'where below + place between floor(rank) and ceil(rank)',
    `group by ${keys}, nth, rank`,
  );
  return draft.statement({
    with: [
      ...parts,
      { name: 'ranked', sql: ranked },
      { name: 'wanted', sql: wanted, materialized: true },
      { name: 'numbered', sql: numbered },
    ],
    body,
  });
}

/** None is told as an empty text, as values are kept, so that it equals itself. */
function keyOf(group: string | null): string {
  return group === null ? '' : ` coalesce(${group}, '') as key,`;
}

function slotsOf({ measures, slots, by, group, filters }: PercentilesOfSlots, draft: Draft): string {
  return lines(
    `select piece.slice,${keyOf(group && by && valueOf(group, by))} t.buckets, t.counts, t.sorted`,
    piecesOf({ pieces: slots }, draft),
    'cross join lateral (',
    '  select value, buckets, counts, sorted',
    `  from ${draft.table('rollup_values')}`,
    clause(
      '  where',
      [
        'org_id = $1',
        `measure = ${draft.bind(keptAs(measures[0]!), 'text')}`,
        `dimension = ${draft.bind(by?.name ?? '', 'text')}`,
        'minutes = piece.minutes',
        'at >= piece.since',
        'at < piece.until',
        ...(by ? narrowed(filters, by, draft) : []),
      ],
      '\n    and ',
    ),
    '  offset 0',
    ') t',
    clause(
      'where',
      by ? filters.map((filter) => filterCondition(filter, valueOf(filter.dimension, by), draft)) : [],
      '\n  and ',
    ),
  );
}

/** The values that are read from the rows. */
function nearOf({ base, measures, raw, group, filters }: PercentilesOfSlots, draft: Draft): string {
  const dimensions = [...(group ? [group] : []), ...filters.map(({ dimension }) => dimension)];
  const slices = draft.bind(
    raw.map(({ slice }) => slice),
    'integer[]',
  );
  const since = draft.instants(raw.map(({ from }) => from));
  const until = draft.instants(raw.map(({ to }) => to));
  return lines(
    `select piece.slice,${keyOf(group && expressionOf(group, 'run').sql)} one.value,`,
    `  width_bucket(one.value, ${draft.bind(BUCKETS, 'integer[]')})::smallint as bucket`,
    `from unnest(${slices}, ${since}, ${until}) piece (slice, since, until)`,
    'cross join lateral (',
    '  select *',
    `  ${runRows(baseOf(base), [], draft)}`,
    '  where r.org_id = $1',
    '    and r.started_at >= piece.since',
    '    and r.started_at < piece.until',
    '    and not r.hidden',
    '  offset 0',
    ') r',
    joins(
      dimensions.flatMap((dimension) => expressionOf(dimension, 'run').columns),
      'r',
      draft,
    ),
    `cross join lateral (select ${clipped(measures[0]!.fold.of.sql)} as value) one`,
    clause(
      'where',
      [
        `${measures[0]!.fold.of.sql} is not null`,
        ...filters.map((filter) => filterCondition(filter, expressionOf(filter.dimension, 'run').sql, draft)),
      ],
      '\n  and ',
    ),
  );
}
