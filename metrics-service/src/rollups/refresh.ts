import { ApiError } from '../contract/problem.js';
import type { Database, Transaction } from '../db/database.js';
import type { Sums } from './kept.js';
import { lengthsOf, type Levels } from './levels.js';
import { refreshSessions } from './sessions.js';
import { claimOutgrown } from './claim.js';
import { floor } from './slots.js';
import { DEFINITION, SUMS } from './sums.js';

/** Most slots refreshed in one transaction. */
const BATCH = 4_000;
/** About how many runs one transaction reads at most, with their many tool calls: its statements have a limit of time. */
const MOST_RUNS = 50_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
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
    if (!isLast) continue;
    // what was marked meanwhile is left to the next one, so that others have their turn
    if (!(await database.inOrganization(orgId, claimOutgrown))) return refreshed;
  }
}

/** Waits for nobody: another refresh is at it. */
async function refreshSessionsBatch(tx: Transaction): Promise<{ isLast: boolean }> {
  return (await holdsSums(tx)) ? refreshSessions(tx) : { isLast: true };
}

interface Held {
  readonly dailyRuns: number;
  readonly levels: Levels;
}

/** Whether sums are kept by this version's definition, and by no other refresh at the moment: then others wait for this one. */
async function holdsSums(tx: Transaction): Promise<Held | null> {
  const { rows } = await tx.query<{ daily_runs: string; levels: Levels }>(
    `
    select daily_runs, levels
    from rollup_state
    where org_id = $1
      and definition = $2
    for update skip locked`,
    [tx.orgId, DEFINITION],
  );
  return rows.length === 0 ? null : { dailyRuns: Number(rows[0]!.daily_runs), levels: rows[0]!.levels };
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
  const slots = newestOf(
    rows.map(({ at }) => at.getTime()),
    state,
  );
  tx.write(`delete from rollup_marks where org_id = $1 and at = any($2::timestamptz[])`, [tx.orgId, iso(slots)]);
  for (const sums of SUMS) replaceSums(tx, sums, state.levels, slots);
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
    )
    where org_id = $1`,
    [tx.orgId],
  );
  return { slots: slots.length, isLast: rows.length < BATCH && slots.length === rows.length };
}

/** Those of the slots, the newest first, for which not too many runs have to be read: the shortest slots that they lie in. */
function newestOf(slots: readonly number[], { dailyRuns, levels }: Held): number[] {
  const minutes = Math.max(...Object.values(levels).map((kept) => kept.at(-1)![0]));
  const most = Math.max(1, Math.floor(MOST_RUNS / Math.max(1, (dailyRuns * minutes) / DAY_MINUTES)));
  const read = new Set<number>();
  const end = slots.findIndex((at) => read.add(floor(at, minutes * MINUTE_MS)).size > most);
  return slots.slice(0, end === -1 ? slots.length : end);
}

/** Makes the shortest slots anew from the runs, and each longer one from shorter ones. */
function replaceSums(tx: Transaction, { table, by, ofRuns, ofSlots }: Sums, levels: Levels, marked: number[]): void {
  const kept = by.map((one) => ({ dimension: one.dimension, lengths: lengthsOf(levels, one.levels) }));
  const isAlone = kept.every(({ dimension }) => dimension === null);
  for (const minutes of [...new Set(kept.flatMap(({ lengths }) => lengths))].sort((one, other) => one - other)) {
    const here = kept.filter(({ lengths }) => lengths.includes(minutes));
    const slots = iso([...new Set(marked.map((at) => floor(at, minutes * MINUTE_MS)))]);
    const names = (some: typeof here): (string | null)[][] => (isAlone ? [] : [some.map(({ dimension }) => dimension)]);
    tx.write(
      `
      delete from ${table}
      where org_id = $1
        and minutes = $3::smallint
        and at = any($2::timestamptz[])${isAlone ? '' : '\n        and dimension = any($4::text[])'}`,
      [tx.orgId, slots, minutes, ...names(here)],
    );
    const shorter = ({ lengths }: (typeof here)[number]): number | undefined => lengths[lengths.indexOf(minutes) + 1];
    for (const length of new Set(here.map(shorter))) {
      const some = names(here.filter((one) => shorter(one) === length));
      if (length === undefined || ofSlots === null) tx.write(ofRuns, [tx.orgId, slots, minutes, ...some]);
      else tx.write(ofSlots, [tx.orgId, slots, minutes, length, ...some]);
    }
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
