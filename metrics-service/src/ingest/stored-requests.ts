import type { Transaction } from '../db/database.js';
import type { Change } from './change.js';
import { PREFIX, type RequestCall } from './requests.js';
import type { RunRow } from './told-twice.js';

export interface CallRow extends Record<string, unknown> {
  call_id: string;
  run_id: string | null;
  session_id: string | null;
  request: string | null;
  counts: boolean;
  phase: string | null;
  cost_nanos: string | null;
  cache_savings_nanos: string | null;
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

/** The requests that these calls, or the calls of these runs and sessions, belonged to. */
export async function requestsConcerned(
  tx: Transaction,
  { calls, others, runs, sessionIds }: Occasion,
): Promise<string[]> {
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
export async function storedCalls(
  tx: Transaction,
  tokens: readonly string[],
  requests: readonly string[],
  exceptIds: readonly string[],
): Promise<CallRow[]> {
  const ids = new Set([...tokens, ...tokens.map((token) => PREFIX + token)]);
  for (const id of exceptIds) ids.delete(id);
  const { rows } = await tx.query<CallRow>(STORED, [tx.orgId, [...ids], tokens, requests, exceptIds]);
  return rows;
}

/** The ids of the calls whose column has one of the values: each is looked for in the column's index. */
const callsBy = (column: string, values: string): string => `
      select c.call_id
      from unnest(${values}::text[]) as wanted (id)
      cross join lateral (
        select call_id
        from llm_calls
        where org_id = $1
          and ${column} = wanted.id
        offset 0
      ) c`;

const STORED = `
    with found as (${callsBy('call_id', '$2')}
      union${callsBy('request_id', '$3')}
      union${callsBy('request', '$4')}
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
