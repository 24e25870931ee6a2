import { createHash } from 'node:crypto';
import { aggregateOf, aggregateOfParts } from '../catalogue/aggregates.js';
import { runs } from '../catalogue/bases/runs.js';
import { aliasOf, type Column } from '../catalogue/columns.js';
import { columnsOf, isAdditive, type Measure } from '../catalogue/measure.js';
import { ROLLED_DIMENSIONS, type RolledDimension } from './dimensions.js';
import { SESSIONS_DEFINITION } from './sessions.js';
import { LEVELS } from './slots.js';

/** What measures read of a run's session: its writes mark the slots of its runs (`mark_slots_of_sessions`). */
const OF_SESSIONS: readonly Column[] = ['s.work_item_id', 's.branch_work_item_id'];

/** The measures of runs of which sums are kept: those that add up, over what a write of it marks. Each has a column. */
export const ROLLED_MEASURES: readonly Measure[] = Object.values(runs).filter(
  (measure) =>
    isAdditive(measure) &&
    columnsOf(measure).every((column) => aliasOf(column) === 'r' || OF_SESSIONS.includes(column)),
);

const NAMES = ROLLED_MEASURES.map(({ name }) => name).join(', ');

function selected(sql: (measure: Measure) => string): string {
  return ROLLED_MEASURES.map((measure) => `${sql(measure)} as ${measure.name}`).join(',\n  ');
}

/** 0 over nothing is not stored. */
const OF_RUNS = selected((measure) =>
  measure.overNothing === null ? aggregateOf(measure) : `nullif(${aggregateOf(measure)}, 0)`,
);
const OF_SHORTER = selected(aggregateOfParts);

/** `r`: the runs of each slot, with their session `s`. */
const ROWS = `
from unnest($2::timestamptz[]) slot (at)
cross join lateral (
  select *
  from runs
  where org_id = $1
    and started_at >= slot.at
    and started_at < slot.at + $3::smallint * interval '1 minute'
    and not hidden
  offset 0
) r
left join sessions s on s.org_id = $1 and s.session_id = r.session_id`;

/** How the sums of some slots are made, all of the same lengths. */
export interface Sums {
  readonly table: string;
  readonly levels: readonly number[];
  /** the dimensions by whose values they are kept; null: of all runs */
  readonly by: readonly string[] | null;
  /** inserts those of the slots of `$3` minutes that begin at `$2`, from their runs */
  readonly ofRuns: string;
  /** the same from the sums of slots of `$4` minutes */
  readonly ofSlots: string;
}

/** `shorter`: the sums of the shorter slots in each slot. */
function shorterOf(table: string): string {
  return `from unnest($2::timestamptz[]) slot (at)
cross join lateral (
  select *
  from ${table}
  where org_id = $1
    and minutes = $4::smallint
    and at >= slot.at
    and at < slot.at + $3::smallint * interval '1 minute'
  offset 0
) shorter`;
}

const OF_ALL: Sums = {
  table: 'rollup_runs',
  levels: LEVELS,
  by: null,
  ofRuns: `
insert into rollup_runs (org_id, minutes, at, ${NAMES})
select
  $1,
  $3::smallint,
  slot.at,
  ${OF_RUNS}${ROWS}
group by slot.at`,
  ofSlots: `
insert into rollup_runs (org_id, minutes, at, ${NAMES})
select
  $1,
  $3::smallint,
  slot.at,
  ${OF_SHORTER}
${shorterOf('rollup_runs')}
group by slot.at`,
};

function sumsBy(dimensions: readonly RolledDimension[]): Sums {
  const names = dimensions.map(({ name }) => `'${name}'`);
  const values = dimensions.map(({ name, value }) => `('${name}', ${value.sql})`);
  return {
    table: 'rollup_runs_by',
    levels: dimensions[0]!.levels,
    by: dimensions.map(({ name }) => name),
    ofRuns: `
insert into rollup_runs_by (org_id, dimension, minutes, value, at, ${NAMES})
select
  $1,
  d.dimension,
  $3::smallint,
  coalesce(d.value, ''),
  slot.at,
  ${OF_RUNS}${ROWS}
cross join lateral (values ${values.join(', ')}) d (dimension, value)
group by slot.at, d.dimension, d.value`,
    ofSlots: `
insert into rollup_runs_by (org_id, dimension, minutes, value, at, ${NAMES})
select
  $1,
  d.dimension,
  $3::smallint,
  shorter.value,
  slot.at,
  ${OF_SHORTER}
from unnest($2::timestamptz[]) slot (at)
cross join unnest(array[${names.join(', ')}]) d (dimension)
cross join lateral (
  select *
  from rollup_runs_by
  where org_id = $1
    and dimension = d.dimension
    and minutes = $4::smallint
    and at >= slot.at
    and at < slot.at + $3::smallint * interval '1 minute'
  offset 0
) shorter
group by slot.at, d.dimension, shorter.value`,
  };
}

/** Tokens without a known cost, by the model of the part. */
const UNPRICED: Sums = {
  table: 'rollup_unpriced',
  levels: LEVELS,
  by: null,
  ofRuns: `
insert into rollup_unpriced (org_id, minutes, at, model, tokens)
select
  $1,
  $3::smallint,
  slot.at,
  p.model,
  sum(p.unpriced_tokens)${ROWS}
join run_models p
  on p.org_id = $1
  and p.run_id = r.run_id
  and p.unpriced_tokens > 0
group by slot.at, p.model`,
  ofSlots: `
insert into rollup_unpriced (org_id, minutes, at, model, tokens)
select
  $1,
  $3::smallint,
  slot.at,
  shorter.model,
  sum(shorter.tokens)
${shorterOf('rollup_unpriced')}
group by slot.at, shorter.model`,
};

const LENGTHS = [...new Set(ROLLED_DIMENSIONS.map(({ levels }) => levels))];

/** All sums that are kept. */
export const SUMS: readonly Sums[] = [
  OF_ALL,
  UNPRICED,
  ...LENGTHS.map((levels) => sumsBy(ROLLED_DIMENSIONS.filter((dimension) => dimension.levels === levels))),
];

/** Changes with what is kept: sums of another definition are not read, and made anew. */
export const DEFINITION = createHash('sha256')
  .update(JSON.stringify([SUMS, SESSIONS_DEFINITION]))
  .digest('hex')
  .slice(0, 16);
