import type { Transaction } from '../db/database.js';
import { isOfCodexTelemetry } from './better-told.js';
import type { Change } from './change.js';
import { callsThatMayMove, PLACED_BY_TIME, type CallKind, type Place, type Placing } from './moving-calls.js';
import type { EntityRow } from './merge.js';
import { runFinder } from './run-finder.js';
import { runsByKey, type RunRow } from './told-twice.js';

/**
 * Assigns each call (of a model or of a tool) to its run: the reported one (or the run it is merged into), else the one with its key, else the session's
 * run with the latest `startedAt` ≤ `at` (a tie: the greater run id), hidden or not, else none; Codex's telemetry has runs of its own. `calls` are those of the
 * batch as stated, `runs` the runs that it changed; stored calls that those runs gain or lose are moved as well.
 * Returns the place of each call of the batch, the calls that moved, and the ids of all runs that gained, lost or changed
 * a call.
 */
export async function attachCalls(
  tx: Transaction,
  kind: CallKind,
  calls: readonly Change[],
  runs: Change<RunRow>[],
): Promise<{ placeOf: Map<string, Place>; moved: string[]; touchedRuns: Set<string> }> {
  const others = await callsThatMayMove(tx, kind, calls, runs);
  const placings = [...calls.map(({ after }) => placingOf(kind, after.values)), ...others];
  const place = await placer(tx, placings, runs);

  const placeOf = new Map<string, Place>();
  const touchedRuns = new Set<string>();
  const touch = (runId: unknown): void => {
    if (typeof runId === 'string') touchedRuns.add(runId);
  };
  for (const { before, after } of calls) {
    const found = place(placingOf(kind, after.values));
    placeOf.set(after.id, found);
    touch(before?.derived.run_id);
    touch(found.runId);
  }
  const { table, idColumn } = PLACED_BY_TIME[kind];
  const moved: { call_id: string; run_id: string | null; session_id: string | null; reported: string | null }[] = [];
  for (const call of others) {
    const { runId, sessionId } = place(call);
    if (runId === call.place.runId && sessionId === call.place.sessionId) continue;
    const reported = sessionId === call.sessionId ? null : call.sessionId;
    moved.push({ call_id: call.callId, run_id: runId, session_id: sessionId, reported });
    touch(call.place.runId);
    touch(runId);
  }
  if (moved.length > 0) {
    tx.write(
      `
      update ${table} t
      set
        run_id = moved.run_id,
        session_id = moved.session_id,
        reported_session_id = moved.reported
      from json_to_recordset($2::json) as moved (call_id text, run_id text, session_id text, reported text)
      where t.org_id = $1
        and t.${idColumn} = moved.call_id`,
      [tx.orgId, JSON.stringify(moved)],
    );
  }
  return { placeOf, moved: moved.map(({ call_id }) => call_id), touchedRuns };
}

function placingOf(kind: CallKind, values: EntityRow['values']): Placing {
  return {
    reportedRunId: values.reported_run_id as string | null,
    key: values.key as string | null,
    sessionId: values.session_id as string | null,
    at: PLACED_BY_TIME[kind].atOf(values) as string,
  };
}

/** Prepares the lookups, and returns a function that finds a call's place. */
async function placer(
  tx: Transaction,
  placings: readonly Placing[],
  runs: Change<RunRow>[],
): Promise<(call: Placing) => Place> {
  const reported = placings.flatMap(({ reportedRunId }) => reportedRunId ?? []);
  const open = placings.filter(({ reportedRunId }) => reportedRunId === null);
  const keys = open.flatMap(({ key }) => key ?? []);
  const [oneWith, byKey, byTime] = await Promise.all([
    othersOfRuns(tx, [...new Set(reported)], runs),
    runsByKey(tx, [...new Set(keys)], runs),
    runFinder(
      tx,
      open.flatMap(({ sessionId, at, key }) =>
        sessionId === null ? [] : [{ sessionId, at, ofTelemetry: isOfCodexTelemetry(key) }],
      ),
      runs,
    ),
  ]);
  return ({ reportedRunId, key, sessionId, at }) => {
    if (reportedRunId !== null) return { runId: oneWith.get(reportedRunId) ?? reportedRunId, sessionId };
    const ofKey = key === null ? undefined : byKey.get(key);
    if (ofKey) return { runId: ofKey.runId, sessionId: ofKey.sessionId ?? sessionId };
    const ofTelemetry = isOfCodexTelemetry(key);
    return { runId: sessionId === null ? null : byTime({ sessionId, at, ofTelemetry }), sessionId };
  };
}

/** The runs that these are merged into, for those that are merged into another one. */
async function othersOfRuns(
  tx: Transaction,
  runIds: readonly string[],
  runs: Change<RunRow>[],
): Promise<Map<string, string>> {
  const changed = new Map(runs.map(({ after }) => [after.id, after.oneWith]));
  const found = new Map([...changed].filter((entry): entry is [string, string] => entry[1] !== null));
  const stored = runIds.filter((id) => !changed.has(id));
  if (stored.length === 0) return found;
  const { rows } = await tx.query<{ run_id: string; one_with: string }>(
    `
    select found.*
    from unnest($2::text[]) as wanted (run_id)
    cross join lateral (
      select run_id, one_with
      from runs
      where org_id = $1
        and run_id = wanted.run_id
        and one_with is not null
      offset 0
    ) found`,
    [tx.orgId, stored],
  );
  for (const { run_id, one_with } of rows) found.set(run_id, one_with);
  return found;
}
