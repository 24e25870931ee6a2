import { createHash } from 'node:crypto';
import { aggregateOf, aggregateOfParts } from '../catalogue/aggregates.js';
import { runs } from '../catalogue/bases/runs.js';
import { aliasOf, type Column } from '../catalogue/columns.js';
import { columnsOf, isAdditive, type Measure } from '../catalogue/measure.js';

/** What runs have from their session: its writes mark the slots of its runs (migration 0270, `mark_slots_of_sessions`). */
const OF_SESSIONS: readonly Column[] = ['s.work_item_id', 's.branch_work_item_id'];

/** The measures of runs of which sums are kept: those that add up, over what a write of it marks. Each has a column. */
export const ROLLED_MEASURES: readonly Measure[] = Object.values(runs).filter(
  (measure) =>
    isAdditive(measure) &&
    columnsOf(measure).every((column) => aliasOf(column) === 'r' || OF_SESSIONS.includes(column)),
);

const NAMES = ROLLED_MEASURES.map(({ name }) => name).join(', ');

/** 0 over nothing is not stored. */
function stored({ overNothing }: Measure, sql: string): string {
  return overNothing === null ? sql : `nullif(${sql}, 0)`;
}

function columns(of: (measure: Measure) => string): string {
  return ROLLED_MEASURES.map((measure) => `${stored(measure, of(measure))} as ${measure.name}`).join(',\n  ');
}

/** The sums of slots of five minutes that begin at `$2`, from their runs. */
export const SUM_RUNS = `
insert into rollup_runs (org_id, minutes, at, ${NAMES})
select
  $1,
  5,
  slot.at,
  ${columns(aggregateOf)}
from unnest($2::timestamptz[]) slot (at)
cross join lateral (
  select *
  from runs
  where org_id = $1
    and started_at >= slot.at
    and started_at < slot.at + interval '5 minutes'
    and not hidden
  offset 0
) r
left join sessions s on s.org_id = $1 and s.session_id = r.session_id
group by slot.at`;

/** The sums of slots of `$3` minutes that begin at `$2`, from those of `$4` minutes. */
export const SUM_SHORTER_SLOTS = `
insert into rollup_runs (org_id, minutes, at, ${NAMES})
select
  $1,
  $3::smallint,
  slot.at,
  ${ROLLED_MEASURES.map((measure) => `${aggregateOfParts(measure)} as ${measure.name}`).join(',\n  ')}
from unnest($2::timestamptz[]) slot (at)
cross join lateral (
  select *
  from rollup_runs
  where org_id = $1
    and minutes = $4::smallint
    and at >= slot.at
    and at < slot.at + $3::smallint * interval '1 minute'
  offset 0
) shorter
group by slot.at`;

/** Changes with what is kept: sums of another definition are not read, and made anew. */
export const DEFINITION = createHash('sha256').update(SUM_RUNS).update(SUM_SHORTER_SLOTS).digest('hex').slice(0, 16);
