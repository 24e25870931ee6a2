import { ROLLED_DIMENSIONS, type RolledDimension } from './dimensions.js';
import { ROWS, type Sums } from './kept.js';
import { quartersOf } from './names.js';

export const QUARTER_MINUTES = 15;
/** A row has those of a day. */
export const QUARTERS_SLOT_MINUTES = 1_440;

/** The dimensions of which costs are kept by the quarter of an hour: those that have many values. */
export const QUARTERS_BY: readonly RolledDimension[] = ROLLED_DIMENSIONS.filter(({ name }) =>
  ['user', 'repo'].includes(name),
);

const KINDS = QUARTERS_BY.map(({ name, value }) => `('${name}', coalesce(${value.sql}, ''))`);

/** What the runs of a slot cost by quarters, as sparse arrays. */
export const SUMS_OF_QUARTERS: Sums = {
  table: 'rollup_quarters',
  by: QUARTERS_BY.map(({ name }) => ({ dimension: name, levels: quartersOf(name) })),
  ofRuns: `
insert into rollup_quarters (org_id, dimension, minutes, at, value, quarters, costs)
select
  $1,
  t.dimension,
  $3::smallint,
  t.at,
  t.value,
  array_agg(t.quarter order by t.quarter),
  array_agg(t.cost order by t.quarter)
from (
  select
    d.dimension,
    slot.at,
    d.value,
    floor(extract(epoch from r.started_at - slot.at) / 60 / ${QUARTER_MINUTES})::smallint as quarter,
    sum(r.cost_nanos) as cost${ROWS}
  cross join lateral (values ${KINDS.join(', ')}) d (dimension, value)
  where d.dimension = any($4::text[])
  group by d.dimension, slot.at, d.value, quarter
) t
group by t.dimension, t.at, t.value`,
  // slots of one length are kept
  ofSlots: null,
};
