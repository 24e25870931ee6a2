import { aggregateOf } from '../catalogue/aggregates.js';
import { toolCallsBase } from '../catalogue/bases/tool-calls.js';
import { WORK_ITEM } from '../catalogue/columns.js';
import type { Measure } from '../catalogue/measure.js';

/** How what is kept of some slots is made. */
export interface Sums {
  readonly table: string;
  /** what tells its rows apart in the table (null: nothing, it is alone), and under which names lengths are chosen for it (levels.ts) */
  readonly by: readonly { readonly dimension: string | null; readonly levels: string }[];
  /** inserts those of the slots of `$3` minutes that begin at `$2`, from their runs: those by `$4`, unless they are of all runs */
  readonly ofRuns: string;
  /** the same from the sums of slots of `$4` minutes: those by `$5`; null: they are kept in slots of one length */
  readonly ofSlots: string | null;
}

/**
 * The rows of a table with that id, looked up by it (`offset 0`) whatever the statistics say: they know nothing yet of an organization that
 * has just come, and everything would be compared with everything.
 */
function oneOf(table: string, id: string, value: string): string {
  return `lateral (
  select *
  from ${table}
  where org_id = $1
    and ${id} = ${value}
  offset 0
)`;
}

/** Of a run `r`: its session `s`, and the work item `wi` that it is about. */
export const BESIDE = `left join ${oneOf('sessions', 'session_id', 'r.session_id')} s on true
left join ${oneOf('work_items', 'work_item_id', WORK_ITEM.sql)} wi on true`;

/** `p`: the parts of a run `r`. */
export const PARTS = `cross join ${oneOf('run_models', 'run_id', 'r.run_id')} p`;

/** `r`: the runs of each slot, with what is beside them. */
export const ROWS = `
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
${BESIDE}`;

/** `r`: the tool calls of each slot. */
export const CALLS = `
from unnest($2::timestamptz[]) slot (at)
cross join lateral (
  select *
  from ${toolCallsBase.from!((table) => table)}
  where r.started_at >= slot.at
    and r.started_at < slot.at + $3::smallint * interval '1 minute'
    and not r.hidden
  offset 0
) r`;

/** `select`s the measures, each by its SQL. */
export function selected(measures: readonly Measure[], sql: (measure: Measure) => string): string {
  return measures.map((measure) => `${sql(measure)} as ${measure.name}`).join(',\n  ');
}

/** A measure of rows: 0 over nothing is not stored. */
export function ofRows(measure: Measure): string {
  return measure.overNothing === null ? aggregateOf(measure) : `nullif(${aggregateOf(measure)}, 0)`;
}

/** `shorter`: the sums of the shorter slots in each slot. */
export function shorterOf(table: string): string {
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
