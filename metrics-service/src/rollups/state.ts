import type { Database, Engine, Transaction } from '../db/database.js';
import type { Levels } from './levels.js';
import { SLOT_MINUTES } from './slots.js';
import { DEFINITION } from './sums.js';

/** More marked slots than this are not read: the sums are too far behind to be of use. */
export const MOST_DIRTY = 1_000;

/** How an organization's sums are, as a transaction sees them. */
export interface SumsState {
  /** the starts (epoch ms, in order) of the slots whose sums are behind */
  readonly dirty: readonly number[];
  /** the lengths of slots that are kept */
  readonly levels: Levels;
  /** runs of a day, lately */
  readonly dailyRuns: number;
  /** whether sums are wanted in any case */
  readonly isForced: boolean;
}

/** How the sums are; null if they cannot be used at all. */
export async function readSumsState(tx: Transaction, engine: Engine = 'auto'): Promise<SumsState | null> {
  if (engine === 'raw') return null;
  const { rows } = await tx.query<{ daily_runs: string; levels: Levels; at: string | null }>(
    `
    select s.daily_runs, s.levels, extract(epoch from dirty.at) * 1000 as at
    from rollup_state s
    left join (
      select distinct m.at
      from rollup_marks m
      where m.org_id = $1
      order by m.at
      limit ${MOST_DIRTY + 1}
    ) dirty on true
    where s.org_id = $1
      and s.definition = $2
    order by dirty.at`,
    [tx.orgId, DEFINITION],
  );
  if (rows.length === 0 || rows.length > MOST_DIRTY) return null;
  const dirty = rows.flatMap(({ at }) => (at === null ? [] : [Number(at)]));
  const { daily_runs: dailyRuns, levels } = rows[0]!;
  return { dirty, levels, dailyRuns: Number(dailyRuns), isForced: engine === 'sums' };
}

/** The organizations whose sums are behind, and by which definition they are kept. */
export async function organizationsToRefresh(
  database: Database,
): Promise<{ orgId: string; definition: string | null }[]> {
  const { rows } = await database.query<{ org_id: string; definition: string | null }>(
    `select org_id, definition from list_organizations_to_refresh($1)`,
    [DEFINITION],
  );
  return rows.map(({ org_id, definition }) => ({ orgId: org_id, definition }));
}

export interface RollupStatus {
  /** whether sums are kept by this version's definition */
  readonly kept: boolean;
  /** slots of five minutes that are behind, and the first and last of them */
  readonly behind: number;
  readonly behindFrom: Date | null;
  readonly behindTo: Date | null;
  /** slots of any length that have sums */
  readonly slots: number;
}

/** How an organization's sums are. */
export async function rollupStatus(database: Database, orgId: string): Promise<RollupStatus> {
  return database.inOrganization(
    orgId,
    async (tx) => {
      const { rows } = await tx.query<{ kept: boolean; behind: number; first: Date; last: Date; slots: number }>(
        `
        select
          exists (select from rollup_state where org_id = $1 and definition = $2) as kept,
          (select count(*)::int from rollup_runs where org_id = $1) as slots,
          count(distinct at)::int as behind,
          min(at) as first,
          max(at) + interval '${SLOT_MINUTES} minutes' as last
        from rollup_marks
        where org_id = $1`,
        [orgId, DEFINITION],
      );
      const { kept, behind, first, last, slots } = rows[0]!;
      return { kept, behind, behindFrom: first, behindTo: last, slots };
    },
    { readOnly: true },
  );
}
