import { createHash } from 'node:crypto';
import type { Database, Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import { toSent } from './index.js';
import { lockIngest, record } from './record.js';
import { deriveRuns, saveRuns } from './runs.js';
import { SETTLE_SOURCE } from './sources.js';

/** Sessions settled in one transaction. */
const BATCH = 200;
const PAGE = 2_000;

/** The organizations that have silent sessions; `settleMs`: instead of their own settings. */
export async function organizationsToSettle(database: Database, settleMs: number | null): Promise<string[]> {
  const { rows } = await database.query<{ org_id: string }>(`select org_id from list_organizations_to_settle($1)`, [
    settleMs,
  ]);
  return rows.map(({ org_id }) => org_id);
}

export interface Settling {
  readonly prices: PriceTable;
  /** how long a session must have been silent, instead of the organization's setting */
  readonly settleMs: number | null;
  readonly signal?: AbortSignal;
}

/**
 * Says of each silent session with a run in flight that nothing more is expected of it: an event `session.settled` through
 * the same door as all others, from which the run's end follows. A session in which a tool call is still open is looked at
 * again. Returns how many were settled.
 */
export async function settleSessions(
  database: Database,
  orgId: string,
  { prices, settleMs, signal }: Settling,
): Promise<number> {
  let settled = 0;
  for (;;) {
    signal?.throwIfAborted();
    const found = await database.inOrganization(orgId, (tx) => settleBatch(tx, prices, settleMs));
    settled += found;
    if (found < BATCH) return settled;
  }
}

async function settleBatch(tx: Transaction, prices: PriceTable, settleMs: number | null): Promise<number> {
  await lockIngest(tx);
  const { rows } = await tx.query<{ session_id: string; is_open: boolean; through: Date }>(SILENT, [
    tx.orgId,
    settleMs,
    BATCH,
  ]);
  if (rows.length === 0) return 0;
  const events = rows.filter(({ is_open: isOpen }) => isOpen).map(settledEvent);
  const sent = events.map((event) => toSent(event, { rights: ['ingest'], receivedMs: Infinity }));
  if (sent.length > 0) await record(tx, sent, { prices, maxDeadLetters: null });
  await tx.query(DONE, [tx.orgId, rows.map(({ session_id: id }) => id)]);
  return rows.length;
}

function settledEvent({ session_id: sessionId, through }: { session_id: string; through: Date }): object {
  const at = through.toISOString();
  const id = createHash('sha1').update(`${sessionId}\n${at}`).digest('hex');
  return { specversion: '1.0', id, source: SETTLE_SOURCE, type: 'session.settled', data: { sessionId, through: at } };
}

/** Whether a run of a session is in flight whose end is derived. */
const isOpen = (sessionId: string): string => `exists (
        select
        from runs r
        where r.org_id = $1
          and r.session_id = ${sessionId}
          and r.end_is_derived
          and r.status = 'IN_FLIGHT'
          and not r.hidden
      )`;

/**
 * Silent sessions: whether a run in them is still in flight, and through when they are settled. With a shorter silence than
 * the organization's, that is later by the difference: whether a run has ended is always told by the organization's.
 */
const SILENT = `
    select
      s.session_id,
      now() + (o.telemetry_settle_ms - coalesce($2::bigint, o.telemetry_settle_ms)) * interval '1 millisecond' as through,
      ${isOpen('s.session_id')} as is_open
    from organizations o
    cross join lateral (
      select session_id, heard_at
      from open_sessions
      where org_id = $1
        and heard_at <= now() - coalesce($2::bigint, o.telemetry_settle_ms) * interval '1 millisecond'
      order by heard_at
      limit $3
    ) s
    where o.org_id = $1`;

/** Those in which no run is in flight any more; the others are looked at again after as long a silence. */
const DONE = `
    with looked_at as (
      select
        wanted.session_id,
        ${isOpen('wanted.session_id')} as is_open
      from unnest($2::text[]) as wanted (session_id)
    ), again as (
      update open_sessions s
      set heard_at = now()
      from looked_at
      where s.org_id = $1
        and s.session_id = looked_at.session_id
        and looked_at.is_open
    )
    delete from open_sessions s
    using looked_at
    where s.org_id = $1
      and s.session_id = looked_at.session_id
      and not looked_at.is_open`;

/** Derives the ends of an organization's runs again, after its setting changed: pages of runs in short transactions. */
export async function deriveEnds(
  database: Database,
  orgId: string,
  { prices, signal }: Pick<Settling, 'prices' | 'signal'>,
): Promise<void> {
  for (let after: string | null = ''; after !== null;) {
    signal?.throwIfAborted();
    const from: string = after;
    after = await database.inOrganization(orgId, async (tx) => {
      await lockIngest(tx);
      const { rows } = await tx.query<{ run_id: string }>(
        `
        select run_id
        from runs
        where org_id = $1
          and run_id > $2
          and end_is_derived
        order by run_id
        limit ${PAGE}`,
        [orgId, from],
      );
      saveRuns(tx, await deriveRuns(tx, [], new Set(rows.map((row) => row.run_id)), prices));
      return rows.at(-1)?.run_id ?? null;
    });
  }
}
