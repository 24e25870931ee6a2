import type { Transaction } from '../db/database.js';
import { entities } from '../entities/index.js';
import type { Change } from './change.js';
import { statesSession } from './placed.js';
import type { EntityRow } from './merge.js';
import { startOf } from './run-finder.js';
import { keysIn, type RunRow } from './told-twice.js';

/** What belongs to a run by what its events state, by key or by time; its time is in the column `at`. */
export type CallKind = 'llm_call' | 'tool_call';

export const PLACED_BY_TIME = {
  llm_call: { ...entities.llm_call, atOf: (values: EntityRow['values']) => values.at },
  tool_call: { ...entities.tool_call, atOf: (values: EntityRow['values']) => values.started_at ?? values.completed_at },
} as const;

/** A call's run and session as stated by its own events. */
export interface Placing {
  readonly reportedRunId: string | null;
  readonly key: string | null;
  readonly sessionId: string | null;
  readonly at: string;
}

/** The run that a call belongs to, and that run's session if the call was assigned by key. */
export interface Place {
  readonly runId: string | null;
  readonly sessionId: string | null;
}

/** A stored call, not of the batch, whose run is found again. */
export interface OtherCall extends Placing {
  readonly callId: string;
  readonly place: Place;
}

/**
 * Stored calls that may belong to another run now: those after the start of a changed run, before or after the change,
 * those with its key, and those that name it, which follow the run it is merged into.
 */
export async function callsThatMayMove(
  tx: Transaction,
  kind: CallKind,
  calls: readonly Change[],
  runs: readonly Change<RunRow>[],
): Promise<OtherCall[]> {
  const from = new Map<string, string>();
  const renamed = new Set<string>();
  for (const { before, after } of runs) {
    const [was, is] = [startOf(before, before?.derived.one_with), startOf(after, after.oneWith)];
    const oneWith = (before?.derived.one_with ?? null) as string | null;
    if (oneWith !== after.oneWith) for (const id of [after.id, oneWith]) if (id !== null) renamed.add(id);
    if (was?.sessionId === is?.sessionId && was?.at === is?.at) continue;
    for (const start of [was, is]) {
      if (!start) continue;
      const known = from.get(start.sessionId);
      if (known === undefined || start.at < known) from.set(start.sessionId, start.at);
    }
  }
  const keys = keysIn(runs);
  if (from.size + renamed.size + keys.length === 0) return [];
  const { rows } = await tx.query<OtherCallRow>(OTHER_CALLS[kind], [
    tx.orgId,
    [...from.keys()],
    [...from.values()],
    calls.map(({ after }) => after.id),
    keys,
    [...renamed],
  ]);
  return rows.map((row) => ({
    callId: row.call_id,
    reportedRunId: row.reported_run_id,
    key: row.key,
    sessionId: row.is_stated ? (row.reported_session_id ?? row.session_id) : null,
    at: row.at.toISOString(),
    place: { runId: row.run_id, sessionId: row.session_id },
  }));
}

interface OtherCallRow extends Record<string, unknown> {
  call_id: string;
  reported_run_id: string | null;
  key: string | null;
  session_id: string | null;
  reported_session_id: string | null;
  is_stated: boolean;
  at: Date;
  run_id: string | null;
}

/** Found by session and time, by key, and by the run that they name. */
const OTHER_CALLS = {
  llm_call: otherCalls('llm_call'),
  tool_call: otherCalls('tool_call'),
};

function otherCalls(kind: CallKind): string {
  const { table, idColumn } = entities[kind];
  return `
    with other as (
      select c.call_id
      from unnest($2::text[], $3::timestamptz[]) as changed (session_id, started_at)
      cross join lateral (
        select ${idColumn} as call_id
        from ${table}
        where org_id = $1
          and session_id = changed.session_id
          and at >= changed.started_at
          and reported_run_id is null
        offset 0
      ) c
      union
      select c.call_id
      from unnest($5::text[]) as tied (key)
      cross join lateral (
        select ${idColumn} as call_id
        from ${table}
        where org_id = $1
          and key = tied.key
          and reported_run_id is null
        offset 0
      ) c
      union
      select c.call_id
      from unnest($6::text[]) as renamed (run_id)
      cross join lateral (
        select ${idColumn} as call_id
        from ${table}
        where org_id = $1
          and run_id = renamed.run_id
          and reported_run_id is not null
        offset 0
      ) c
    )
    select
      c.${idColumn} as call_id, c.reported_run_id, c.key, c.session_id, c.reported_session_id, c.at, c.run_id,
      ${statesSession(kind, 'c')} as is_stated
    from other
    cross join lateral (
      select *
      from ${table}
      where org_id = $1
        and ${idColumn} = other.call_id
      offset 0
    ) c
    where c.${idColumn} <> all($4::text[])`;
}
