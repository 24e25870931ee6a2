import type { Transaction } from '../db/database.js';
import { compareUtf8 } from '../text-order.js';
import type { Row } from './merge.js';
import type { StoredRow } from './store.js';

/** A row before and after this batch; `before` is null for a new one. */
export interface Change<R extends Row = Row> {
  before: StoredRow | null;
  after: R;
}

interface Start {
  runId: string;
  startedAt: string;
}

/** A call whose run may have changed without the call itself being in the batch. */
interface OtherCall {
  callId: string;
  sessionId: string;
  at: string;
  runId: string | null;
}

/** ISO 8601 texts of one form compare as their instants do. */
function later(a: Start, b: Start | undefined): boolean {
  if (!b) return true;
  if (a.startedAt !== b.startedAt) return a.startedAt > b.startedAt;
  return compareUtf8(a.runId, b.runId) > 0;
}

/**
 * Gives each call its run: the reported one, else the session's run with the latest `startedAt` ≤ `at` (a tie: the
 * greater run id), hidden or not, else none. `calls` are those of the batch, `runs` the runs that it changed;
 * stored calls that those runs gain or lose are moved as well.
 * Answers the run of each call of the batch, and the ids of all runs that gained, lost or changed a call.
 */
export async function attachCalls(
  tx: Transaction,
  calls: Change[],
  runs: Change[],
): Promise<{ runOf: Map<string, string | null>; touchedRuns: Set<string> }> {
  const others = await callsThatMayMove(tx, calls, runs);
  const byTime = calls.filter(({ after }) => after.values.reported_run_id === null);
  const findRun = await runFinder(
    tx,
    [...byTime.map(({ after }) => moment(after)), ...others.map(({ sessionId, at }) => ({ sessionId, at }))],
    runs,
  );

  const runOf = new Map<string, string | null>();
  const touchedRuns = new Set<string>();
  const touch = (runId: unknown): void => {
    if (typeof runId === 'string') touchedRuns.add(runId);
  };
  for (const { before, after } of calls) {
    const reported = after.values.reported_run_id as string | null;
    const runId = reported ?? findRun(moment(after));
    runOf.set(after.id, runId);
    touch(before?.derived.run_id);
    touch(runId);
  }
  const moved: { call_id: string; run_id: string | null }[] = [];
  for (const call of others) {
    const runId = findRun(call);
    if (runId === call.runId) continue;
    moved.push({ call_id: call.callId, run_id: runId });
    touch(call.runId);
    touch(runId);
  }
  if (moved.length > 0) {
    tx.write(
      `
      update llm_calls
      set run_id = moved.run_id
      from json_to_recordset($2::json) as moved (call_id text, run_id text)
      where llm_calls.org_id = $1
        and llm_calls.call_id = moved.call_id`,
      [tx.orgId, JSON.stringify(moved)],
    );
  }
  return { runOf, touchedRuns };
}

function moment(call: Row): { sessionId: string; at: string } {
  return { sessionId: call.values.session_id as string, at: call.values.at as string };
}

/** Where a run starts or started is where the calls behind it may belong to another run now. */
async function callsThatMayMove(tx: Transaction, calls: Change[], runs: Change[]): Promise<OtherCall[]> {
  const from = new Map<string, string>();
  for (const { before, after } of runs) {
    const [was, is] = [before?.values, after.values];
    if (was?.session_id === is.session_id && was?.started_at === is.started_at) continue;
    for (const values of [was, is]) {
      if (!values?.session_id || !values.started_at) continue;
      const [sessionId, startedAt] = [values.session_id as string, values.started_at as string];
      const known = from.get(sessionId);
      if (known === undefined || startedAt < known) from.set(sessionId, startedAt);
    }
  }
  if (from.size === 0) return [];
  const { rows } = await tx.query<{ call_id: string; session_id: string; at: Date; run_id: string | null }>(
    `
    select c.call_id, changed.session_id, c.at, c.run_id
    from unnest($2::text[], $3::timestamptz[]) as changed (session_id, started_at)
    cross join lateral (
      select call_id, at, run_id
      from llm_calls
      where org_id = $1
        and session_id = changed.session_id
        and at >= changed.started_at
        and reported_run_id is null
      offset 0
    ) c
    where c.call_id <> all($4::text[])`,
    [tx.orgId, [...from.keys()], [...from.values()], calls.map(({ after }) => after.id)],
  );
  return rows.map((row) => ({
    callId: row.call_id,
    sessionId: row.session_id,
    at: row.at.toISOString(),
    runId: row.run_id,
  }));
}

/** Finds the run of a moment among the stored runs and those of the batch, which stand in for their stored rows. */
async function runFinder(
  tx: Transaction,
  moments: { sessionId: string; at: string }[],
  runs: Change[],
): Promise<(moment: { sessionId: string; at: string }) => string | null> {
  const key = (sessionId: string, at: string): string => `${at} ${sessionId}`;
  const asked = new Map(moments.map((asking) => [key(asking.sessionId, asking.at), asking]));
  const stored = new Map<string, Start>();
  if (asked.size > 0) {
    const { rows } = await tx.query<{ session_id: string; at: Date; run_id: string; started_at: Date }>(
      `
      select asked.session_id, asked.at, latest.run_id, latest.started_at
      from unnest($2::text[], $3::timestamptz[]) as asked (session_id, at)
      cross join lateral (
        select r.run_id, r.started_at
        from runs r
        where r.org_id = $1
          and r.session_id = asked.session_id
          and r.started_at <= asked.at
          and r.run_id <> all($4::text[])
        order by r.started_at desc, r.run_id desc
        limit 1
      ) latest`,
      [
        tx.orgId,
        [...asked.values()].map(({ sessionId }) => sessionId),
        [...asked.values()].map(({ at }) => at),
        runs.map(({ after }) => after.id),
      ],
    );
    for (const row of rows) {
      const start = { runId: row.run_id, startedAt: row.started_at.toISOString() };
      stored.set(key(row.session_id, row.at.toISOString()), start);
    }
  }
  const ofBatch = startsBySession(runs);
  return ({ sessionId, at }) => {
    let found = stored.get(key(sessionId, at));
    const fromBatch = latestUpTo(ofBatch.get(sessionId) ?? [], at);
    if (fromBatch && later(fromBatch, found)) found = fromBatch;
    return found?.runId ?? null;
  };
}

function startsBySession(runs: Change[]): Map<string, Start[]> {
  const starts = new Map<string, Start[]>();
  for (const { after } of runs) {
    const { session_id: sessionId, started_at: startedAt } = after.values;
    if (typeof sessionId !== 'string' || typeof startedAt !== 'string') continue;
    const list = starts.get(sessionId);
    const start = { runId: after.id, startedAt };
    if (list) list.push(start);
    else starts.set(sessionId, [start]);
  }
  for (const list of starts.values()) list.sort((a, b) => (later(a, b) ? 1 : -1));
  return starts;
}

/** The last of the sorted starts that is not after `at`, by binary search. */
function latestUpTo(starts: Start[], at: string): Start | undefined {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]!.startedAt <= at) low = middle + 1;
    else high = middle;
  }
  return starts[low - 1];
}
