import type { Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import type { Change } from './change.js';
import { isDeleted } from './merge.js';
import { PREFIX, requestsOf, sharesOf, tokensOf, type RequestCall, type RequestShare } from './requests.js';
import type { Value } from './statements.js';
import type { RunRow } from './told-twice.js';

interface CallRow extends Record<string, unknown> {
  call_id: string;
  run_id: string | null;
  session_id: string | null;
  request: string | null;
  counts: boolean;
  phase: string | null;
  cost_nanos: string | null;
}

/** What changed that may decide which calls count. */
export interface Occasion {
  /** calls of the batch, not stored yet */
  readonly calls: readonly RequestCall[];
  /** stored calls that moved to another run, or were repriced */
  readonly others: readonly string[];
  /** stored calls that lie in another agent's span */
  readonly respanned?: readonly string[];
  /** runs as changed by the batch, not stored yet */
  readonly runs: readonly Change<RunRow>[];
  /** sessions that were hidden or restored */
  readonly sessionIds: readonly string[];
}

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
  const shares = new Map(groups.flatMap((group) => [...sharesOf(group, isVisible, prices)]));
  const changed = [...stored.values()].filter((row) => {
    const { request, counts, phase, costNanos } = shares.get(row.call_id)!;
    const counted = row.counts === counts && row.phase === phase && row.cost_nanos === costNanos;
    return row.request !== request || !counted;
  });
  save(tx, changed, shares);
  return { shares, touchedRuns: changed.flatMap(({ run_id }) => run_id ?? []) };
}

function valuesOf(row: CallRow): Record<string, Value> {
  const plain = Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]);
  const values = Object.fromEntries(plain) as Record<string, Value>;
  return { ...values, reported_phase: values.reported_phase ?? values.span_phase ?? null };
}

/** The requests that these calls, or the calls of these runs and sessions, belonged to. */
async function requestsConcerned(tx: Transaction, { calls, others, runs, sessionIds }: Occasion): Promise<string[]> {
  const callIds = [...calls.map(({ id }) => id), ...others];
  const runIds = runs.map(({ after }) => after.id);
  if (callIds.length + runIds.length + sessionIds.length === 0) return [];
  const { rows } = await tx.query<{ request: string }>(CONCERNED, [tx.orgId, callIds, runIds, sessionIds]);
  return rows.map(({ request }) => request);
}

const CONCERNED = `
    select found.request
    from unnest($2::text[]) as wanted (id)
    cross join lateral (
      select request
      from llm_calls
      where org_id = $1
        and call_id = wanted.id
        and request is not null
      offset 0
    ) found
    union
    select found.request
    from unnest($3::text[]) as wanted (id)
    cross join lateral (
      select request
      from llm_calls
      where org_id = $1
        and run_id = wanted.id
        and request is not null
      offset 0
    ) found
    union
    select found.request
    from unnest($4::text[]) as wanted (id)
    cross join lateral (
      select c.request
      from runs r
      join llm_calls c
        on c.org_id = $1
        and c.run_id = r.run_id
      where r.org_id = $1
        and r.session_id = wanted.id
        and c.request is not null
      union
      select request
      from llm_calls
      where org_id = $1
        and session_id = wanted.id
        and request is not null
      offset 0
    ) found`;

/** Stored calls that share a token with these, or belonged to these requests. */
async function storedCalls(
  tx: Transaction,
  tokens: readonly string[],
  requests: readonly string[],
  exceptIds: readonly string[],
): Promise<CallRow[]> {
  const ids = [...tokens, ...tokens.map((token) => PREFIX + token)];
  const { rows } = await tx.query<CallRow>(STORED, [tx.orgId, ids, tokens, requests, exceptIds]);
  return rows;
}

const STORED = `
    with found as (
      select c.call_id
      from unnest($2::text[]) as wanted (id)
      cross join lateral (
        select call_id
        from llm_calls
        where org_id = $1
          and call_id = wanted.id
        offset 0
      ) c
      union
      select c.call_id
      from unnest($3::text[]) as wanted (id)
      cross join lateral (
        select call_id
        from llm_calls
        where org_id = $1
          and request_id = wanted.id
        offset 0
      ) c
      union
      select c.call_id
      from unnest($4::text[]) as wanted (id)
      cross join lateral (
        select call_id
        from llm_calls
        where org_id = $1
          and request = wanted.id
        offset 0
      ) c
    )
    select c.*
    from found
    cross join lateral (
      select *
      from llm_calls
      where org_id = $1
        and call_id = found.call_id
      offset 0
    ) c
    where c.call_id <> all($5::text[])`;

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
      cost_nanos = derived."costNanos"
    from json_to_recordset($2::json) as derived (call_id text, request text, counts boolean, phase text, "costNanos" numeric)
    where c.org_id = $1
      and c.call_id = derived.call_id`,
    [tx.orgId, JSON.stringify(derived)],
  );
}
