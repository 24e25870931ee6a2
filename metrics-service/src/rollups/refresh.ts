import { ApiError } from '../contract/problem.js';
import type { Database, Transaction } from '../db/database.js';
import { ROLLED_DIMENSIONS } from './dimensions.js';
import { refreshSessions } from './sessions.js';
import { floor } from './slots.js';
import { DEFINITION, SUMS, type Sums } from './sums.js';

/** Most slots refreshed in one transaction. */
const BATCH = 1_000;
/** About how many runs one transaction reads at most: its statements have a limit of time. */
const MOST_RUNS = 200_000;
const DAY_MS = 86_400_000;
/** How often a transaction is tried again that lost to another refresh. */
const ATTEMPTS = 5;

/**
 * Brings an organization's sums up to date, batch by batch, and returns how many slots that were. It may be killed at any
 * moment, and run in several processes at once: whoever comes second leaves it to the first.
 */
export async function refresh(database: Database, orgId: string, signal?: AbortSignal): Promise<number> {
  let refreshed = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { isLast } = await withAttempts(() =>
      database.inOrganization(orgId, (tx) => refreshSessionsBatch(tx), { oneSnapshot: true }),
    );
    if (isLast) break;
  }
  for (;;) {
    signal?.throwIfAborted();
    const { slots, isLast } = await withAttempts(() =>
      database.inOrganization(orgId, (tx) => refreshBatch(tx), { oneSnapshot: true }),
    );
    refreshed += slots;
    // what was marked meanwhile is left to the next one, so that others have their turn
    if (isLast) return refreshed;
  }
}

/** Waits for nobody: another refresh is at it. */
async function refreshSessionsBatch(tx: Transaction): Promise<{ isLast: boolean }> {
  return (await holdsSums(tx)) ? refreshSessions(tx) : { isLast: true };
}

/** Whether sums are kept by this version's definition, and by no other refresh at the moment: then others wait for this one. */
async function holdsSums(tx: Transaction): Promise<{ dailyRuns: number } | null> {
  const { rows } = await tx.query<{ daily_runs: string }>(
    `
    select daily_runs
    from rollup_state
    where org_id = $1
      and definition = $2
    for update skip locked`,
    [tx.orgId, DEFINITION],
  );
  return rows.length === 0 ? null : { dailyRuns: Number(rows[0]!.daily_runs) };
}

/**
 * Everything here sees one snapshot: exactly the marks that it saw are deleted, with sums of exactly the rows that it saw.
 * What is written meanwhile has marks of its own. Where another refresh was quicker, this one fails.
 */
async function refreshBatch(tx: Transaction): Promise<{ slots: number; isLast: boolean }> {
  const state = await holdsSums(tx);
  if (!state) return { slots: 0, isLast: true };
  const { rows } = await tx.query<{ at: Date }>(
    `
    select distinct at
    from rollup_marks
    where org_id = $1
    order by at desc
    limit ${BATCH}`,
    [tx.orgId],
  );
  if (rows.length === 0) return { slots: 0, isLast: true };
  const days = Math.max(1, Math.floor(MOST_RUNS / Math.max(1, state.dailyRuns)));
  const slots = ofNewestDays(
    rows.map(({ at }) => at.getTime()),
    days,
  );
  tx.write(`delete from rollup_marks where org_id = $1 and at = any($2::timestamptz[])`, [tx.orgId, iso(slots)]);
  for (const sums of SUMS) replaceSums(tx, sums, slots);
  tx.write(
    `
    update rollup_state
    set daily_runs = (
      select coalesce(avg(runs), 0)
      from (
        select runs
        from rollup_runs
        where org_id = $1
          and minutes = 1440
        order by at desc
        limit 28
      ) lately
    ), daily_values = (
      select coalesce(jsonb_object_agg(dimension, per_day), '{}')
      from (
        select dimension, count(*)::float8 / count(distinct at) as per_day
        from rollup_runs_by
        where org_id = $1
          and dimension = any($2::text[])
          and minutes = 1440
          and at >= (
            select max(at) - interval '6 days'
            from rollup_runs
            where org_id = $1
              and minutes = 1440
          )
        group by dimension
      ) lately
    )
    where org_id = $1`,
    [tx.orgId, ROLLED_DIMENSIONS.map(({ name }) => name)],
  );
  return { slots: slots.length, isLast: rows.length < BATCH && slots.length === rows.length };
}

/** Those of the slots, the newest first, that lie in so many days at most. */
function ofNewestDays(slots: readonly number[], most: number): number[] {
  const days = new Set<number>();
  const end = slots.findIndex((at) => days.add(floor(at, DAY_MS)).size > most);
  return slots.slice(0, end === -1 ? slots.length : end);
}

/** Makes the shortest slots anew from the runs, and each longer one from shorter ones. */
function replaceSums(tx: Transaction, { table, levels, ofRuns, ofSlots, by }: Sums, marked: number[]): void {
  let shorter: number | null = null;
  for (const minutes of [...levels].reverse()) {
    const slots = iso([...new Set(marked.map((at) => floor(at, minutes * 60_000)))]);
    tx.write(
      `
      delete from ${table}
      where org_id = $1
        and minutes = $3::smallint
        and at = any($2::timestamptz[])${by ? '\n        and dimension = any($4::text[])' : ''}`,
      [tx.orgId, slots, minutes, ...(by ? [by] : [])],
    );
    if (shorter === null) tx.write(ofRuns, [tx.orgId, slots, minutes]);
    else tx.write(ofSlots, [tx.orgId, slots, minutes, shorter]);
    shorter = minutes;
  }
}

function iso(instants: readonly number[]): string[] {
  return instants.map((instant) => new Date(instant).toISOString());
}

async function withAttempts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !lostToAnother(error)) throw error;
    }
  }
}

/** A serialization failure, or a slot that another refresh has just made. */
function lostToAnother(error: unknown): boolean {
  return (error as { code?: unknown }).code === '23505' || (error instanceof ApiError && error.code === 'busy');
}
