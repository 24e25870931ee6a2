import type { Database, Transaction } from '../db/database.js';
import { chooseLevels, shortestOf, type Levels } from './levels.js';
import { claimSessions } from './sessions.js';
import { DEFINITION, SUMS } from './sums.js';

/** With so many times the runs of a day, or fewer, other lengths of slots may be worth their room. */
const OUTGROWN = 4;
/** Fewer runs of a day than these are as many. */
const FEW = 100;

/**
 * Begins to keep an organization's sums by this version's definition: all its slots are marked. First it waits for a refresh
 * that is under way, so that what comes after sees all that this did. Where sums are forced (`RUNBOARD_ENGINE=sums`), all are
 * kept, however few runs there are.
 */
export async function claim(database: Database, orgId: string): Promise<void> {
  await database.inOrganization(orgId, async (tx) => {
    await tx.query('set local statement_timeout to 0');
    await tx.query(
      `
      insert into rollup_state (org_id, definition)
      values ($1, $2)
      on conflict (org_id) do update set definition = excluded.definition`,
      [orgId, DEFINITION],
    );
    const isWhole = database.engine === 'sums';
    await claimSums(tx, await chooseLevels(tx, { isWhole }), isWhole ? null : 0);
    await claimSessions(tx);
  });
}

/** Chooses lengths of slots anew where there are far more or fewer runs than when they were chosen; answers whether others are kept now. */
export async function claimOutgrown(tx: Transaction): Promise<boolean> {
  const { rows } = await tx.query<{ daily_runs: string; levels: Levels }>(
    `
    select daily_runs, levels
    from rollup_state
    where org_id = $1
      and definition = $2
      and not greatest(daily_runs, ${FEW}) between greatest(chosen_for, ${FEW}) / ${OUTGROWN} and greatest(chosen_for, ${FEW}) * ${OUTGROWN}
    for update skip locked`,
    [tx.orgId, DEFINITION],
  );
  const [state] = rows;
  if (!state) return false;
  await tx.query('set local statement_timeout to 0');
  const levels = await chooseLevels(tx, { isWhole: false });
  if (namesOf(levels) !== namesOf(state.levels)) {
    await claimSums(tx, levels, Number(state.daily_runs));
    return true;
  }
  await choose(tx, levels, Number(state.daily_runs));
  return false;
}

function namesOf(levels: Levels): string {
  return JSON.stringify(
    Object.entries(levels)
      .map(([name, kept]) => [name, ...kept.map(([minutes]) => minutes)])
      .sort(),
  );
}

/** Forgets all sums, and marks all slots of the shortest length that is kept. */
async function claimSums(tx: Transaction, levels: Levels, chosenFor: number | null): Promise<void> {
  await choose(tx, levels, chosenFor);
  for (const { table } of SUMS) await tx.query(`delete from ${table} where org_id = $1`, [tx.orgId]);
  await tx.query(
    `
    insert into rollup_marks (org_id, at)
    select org_id, date_bin($2::smallint * interval '1 minute', started_at, 'epoch')
    from runs
    where org_id = $1
      and started_at is not null
    union
    select org_id, date_bin($2::smallint * interval '1 minute', at, 'epoch')
    from tool_calls
    where org_id = $1
      and at is not null`,
    [tx.orgId, shortestOf(levels)],
  );
}

async function choose(tx: Transaction, levels: Levels, chosenFor: number | null): Promise<void> {
  await tx.query(`update rollup_state set levels = $2::jsonb, chosen_for = $3::bigint where org_id = $1`, [
    tx.orgId,
    JSON.stringify(levels),
    chosenFor,
  ]);
}
