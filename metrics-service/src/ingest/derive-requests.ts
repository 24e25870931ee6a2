import type { Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import type { Change } from './change.js';
import { isDeleted } from './merge.js';
import { requestsOf, sharesOf, tokensOf, type RequestCall, type RequestShare } from './requests.js';
import type { Value } from './statements.js';
import { requestsConcerned, storedCalls, type CallRow, type Occasion } from './stored-requests.js';
import type { RunRow } from './told-twice.js';

export interface DerivedRequests {
  /** of the calls of the batch */
  readonly shares: ReadonlyMap<string, RequestShare>;
  /** the runs that gained, lost or changed a call that counts */
  readonly touchedRuns: readonly string[];
}

/** Derives again which calls count, for the requests concerned. Changes to stored calls are written. */
export async function deriveRequests(
  tx: Transaction,
  occasion: Occasion,
  prices: PriceTable,
): Promise<DerivedRequests> {
  const found = new Map(occasion.calls.map((call) => [call.id, call]));
  const stored = new Map<string, CallRow>();
  let requests = await requestsConcerned(tx, occasion);
  let fresh: RequestCall[] = [...occasion.calls];
  let ids = occasion.respanned ?? [];
  while (fresh.length + requests.length + ids.length > 0) {
    const tokens = [...new Set([...fresh.flatMap(tokensOf), ...ids])];
    const rows = await storedCalls(tx, tokens, requests, [...found.keys()]);
    fresh = rows.map((row) => ({
      id: row.call_id,
      values: valuesOf(row),
      runId: row.run_id,
      sessionId: row.session_id,
    }));
    for (const call of fresh) found.set(call.id, call);
    for (const row of rows) stored.set(row.call_id, row);
    [requests, ids] = [[], []];
  }
  const groups = requestsOf([...found.values()]);
  const isVisible = await visibility(tx, groups.filter((group) => group.length > 1).flat(), occasion.runs);
  const shares = new Map(groups.flatMap((group) => sharesOf(group, isVisible, prices)));
  const changed = [...stored.values()].filter((row) => {
    const { request, counts, phase, costNanos, cacheSavingsNanos } = shares.get(row.call_id)!;
    const counted = row.request === request && row.counts === counts && row.phase === phase;
    return !counted || row.cost_nanos !== costNanos || row.cache_savings_nanos !== cacheSavingsNanos;
  });
  save(tx, changed, shares);
  return { shares, touchedRuns: changed.flatMap(({ run_id }) => run_id ?? []) };
}

function valuesOf(row: CallRow): Record<string, Value> {
  const plain = Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]);
  const values = Object.fromEntries(plain) as Record<string, Value>;
  return { ...values, reported_phase: values.reported_phase ?? values.span_phase ?? null };
}

/** A call is hidden with its run; without a known run, with its session. */
async function visibility(
  tx: Transaction,
  calls: readonly RequestCall[],
  runs: readonly Change<RunRow>[],
): Promise<(call: RequestCall) => boolean> {
  if (calls.length === 0) return () => true;
  const known = new Map<string, { deleted: boolean; sessionId: string | null }>();
  const { rows } = await tx.query<{ run_id: string; deleted: boolean; session_id: string | null }>(
    `
    select run_id, deleted, session_id
    from runs
    where org_id = $1
      and run_id = any($2::text[])`,
    [tx.orgId, calls.flatMap(({ runId }) => runId ?? [])],
  );
  for (const row of rows) known.set(row.run_id, { deleted: row.deleted, sessionId: row.session_id });
  for (const { after } of runs) {
    const sessionId = after.values.session_id as string | null;
    known.set(after.id, { deleted: isDeleted('run', after.stamps), sessionId });
  }
  const sessionOf = (call: RequestCall): string | null => {
    const run = call.runId === null ? undefined : known.get(call.runId);
    return run ? run.sessionId : call.sessionId;
  };
  const sessions = await tx.query<{ session_id: string }>(
    `
    select session_id
    from sessions
    where org_id = $1
      and session_id = any($2::text[])
      and hidden`,
    [tx.orgId, [...new Set(calls.flatMap((call) => sessionOf(call) ?? []))]],
  );
  const hidden = new Set<string | null>(sessions.rows.map(({ session_id }) => session_id));
  return (call) => {
    const isRunDeleted = call.runId !== null && known.get(call.runId)?.deleted === true;
    return !isRunDeleted && !hidden.has(sessionOf(call));
  };
}

function save(tx: Transaction, rows: readonly CallRow[], shares: ReadonlyMap<string, RequestShare>): void {
  if (rows.length === 0) return;
  const derived = rows.map(({ call_id }) => ({ call_id, ...shares.get(call_id)! }));
  tx.write(
    `
    update llm_calls c
    set
      request = derived.request,
      counts = derived.counts,
      phase = derived.phase,
      cost_nanos = derived."costNanos",
      cache_savings_nanos = derived."cacheSavingsNanos"
    from json_to_recordset($2::json) as derived (
      call_id text,
      request text,
      counts boolean,
      phase text,
      "costNanos" numeric,
      "cacheSavingsNanos" numeric
    )
    where c.org_id = $1
      and c.call_id = derived.call_id`,
    [tx.orgId, JSON.stringify(derived)],
  );
}
