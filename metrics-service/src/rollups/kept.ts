/** How what is kept of some slots is made. */
export interface Sums {
  readonly table: string;
  /** what tells its rows apart in the table, and under which names lengths are chosen for it (levels.ts); null: sums of all runs */
  readonly by: readonly { readonly dimension: string; readonly levels: string }[] | null;
  /** inserts those of the slots of `$3` minutes that begin at `$2`, from their runs: those by `$4`, unless they are of all runs */
  readonly ofRuns: string;
  /** the same from the sums of slots of `$4` minutes: those by `$5` */
  readonly ofSlots: string;
}

/** `r`: the runs of each slot, with their session `s`. */
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
left join sessions s on s.org_id = $1 and s.session_id = r.session_id`;
