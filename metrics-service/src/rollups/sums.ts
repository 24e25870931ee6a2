import { createHash } from 'node:crypto';
import { aggregateOfParts } from '../catalogue/aggregates.js';
import { runs } from '../catalogue/bases/runs.js';
import { aliasOf, type Column } from '../catalogue/columns.js';
import { columnsOf, isAdditive, type Measure } from '../catalogue/measure.js';
import { BESIDE_RUNS } from './beside.js';
import { KEPT_BY, ROLLED_DIMENSIONS, type RolledDimension } from './dimensions.js';
import { ofRows, ROWS, selected, shorterOf, type Sums } from './kept.js';
import { SUMS_OF_ALL } from './names.js';
import { SUMS_OF_QUARTERS } from './quarters.js';
import { SESSIONS_DEFINITION } from './sessions.js';
import { SUMS_OF_VALUES, SUMS_OF_VALUES_OF_CALLS } from './values.js';

/** What measures read of a run's session: its writes mark the slots of its runs (`mark_slots_of_sessions`). */
const OF_SESSIONS: readonly Column[] = ['s.work_item_id', 's.branch_work_item_id'];

/** The measures of runs of which sums are kept: those that add up, over what a write of it marks. Each has a column. */
export const ROLLED_MEASURES: readonly Measure[] = Object.values(runs).filter(
  (measure) =>
    isAdditive(measure) &&
    columnsOf(measure).every((column) => aliasOf(column) === 'r' || OF_SESSIONS.includes(column)),
);

const NAMES = ROLLED_MEASURES.map(({ name }) => name).join(', ');

const OF_RUNS = selected(ROLLED_MEASURES, ofRows);
const OF_SHORTER = selected(ROLLED_MEASURES, aggregateOfParts);

const OF_ALL: Sums = {
  table: 'rollup_runs',
  by: [{ dimension: null, levels: SUMS_OF_ALL }],
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

/** In the sums of runs that have the same value in all dimensions. */
const valueOf = ({ name }: RolledDimension): string => `shorter.by_${name}`;

/** As arrays: of rows of `values` that read other tables, each is prepared anew for every row of those. */
const VALUES = [
  KEPT_BY.map(({ name }) => `'${name}'`),
  KEPT_BY.map(({ of: [one] }) => valueOf(one)),
  KEPT_BY.map(({ of: [, other] }) => (other ? valueOf(other) : "''")),
].map((list) => `array[${list.join(', ')}]`);

// in the order of their key, which leaves its index half as large
const BY_DIMENSIONS: Sums = {
  table: 'rollup_sums_by',
  by: KEPT_BY.map(({ name }) => ({ dimension: name, levels: name })),
  // a run counts in some sum of each dimension: those with the same values in all of them are summed first
  ofRuns: `
insert into rollup_sums_by (org_id, dimension, minutes, at, value, other, ${NAMES})
select
  $1,
  d.dimension,
  $3::smallint,
  shorter.at,
  coalesce(d.value, ''),
  coalesce(d.other, ''),
  ${OF_SHORTER}
from (
  select
    slot.at,
    ${ROLLED_DIMENSIONS.map(({ name, value }) => `${value.sql} as by_${name}`).join(',\n    ')},
    ${OF_RUNS}${ROWS}
  group by slot.at, ${ROLLED_DIMENSIONS.map(({ name }) => `by_${name}`).join(', ')}
) shorter
cross join lateral unnest(${VALUES.join(', ')}) d (dimension, value, other)
where d.dimension = any($4::text[])
group by d.dimension, shorter.at, d.value, d.other
order by d.dimension, shorter.at, d.value, d.other`,
  ofSlots: `
insert into rollup_sums_by (org_id, dimension, minutes, at, value, other, ${NAMES})
select
  $1,
  d.dimension,
  $3::smallint,
  slot.at,
  shorter.value,
  shorter.other,
  ${OF_SHORTER}
from unnest($2::timestamptz[]) slot (at)
cross join unnest($5::text[]) d (dimension)
cross join lateral (
  select *
  from rollup_sums_by
  where org_id = $1
    and dimension = d.dimension
    and minutes = $4::smallint
    and at >= slot.at
    and at < slot.at + $3::smallint * interval '1 minute'
  offset 0
) shorter
group by d.dimension, slot.at, shorter.value, shorter.other
order by d.dimension, slot.at, shorter.value, shorter.other`,
};

/** All sums that are kept. */
export const SUMS: readonly Sums[] = [
  OF_ALL,
  ...Object.values(BESIDE_RUNS).map(({ sums }) => sums),
  BY_DIMENSIONS,
  SUMS_OF_VALUES,
  SUMS_OF_VALUES_OF_CALLS,
  SUMS_OF_QUARTERS,
];

/** Changes with what is kept: sums of another definition are not read, and made anew. */
export const DEFINITION = createHash('sha256')
  .update(JSON.stringify([SUMS, SESSIONS_DEFINITION]))
  .digest('hex')
  .slice(0, 16);
