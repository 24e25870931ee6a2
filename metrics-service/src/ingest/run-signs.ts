import type { Transaction } from '../db/database.js';
import { isDeleted, type EntityRow } from './merge.js';
import type { Change } from './change.js';
import type { RunSigns } from './run-end.js';
import type { RunRow } from './told-twice.js';

type StoredSigns = Omit<RunSigns, 'lastCallAt'>;

/** Spans of a turn's trace are no prompt beside the turn's own. */
const TRACE = 'trace:';

/**
 * What shows whether these runs still go on, by run, but for their calls. `batch` are the runs as changed, not stored
 * yet: they replace their stored rows.
 */
export async function readSigns(
  tx: Transaction,
  runs: readonly EntityRow[],
  batch: readonly Change<RunRow>[],
): Promise<Map<string, StoredSigns>> {
  if (runs.length === 0) return new Map();
  const column = (name: string): (string | null)[] => runs.map(({ values }) => values[name] as string | null);
  const { rows } = await tx.query<SignRow>(SIGNS, [
    tx.orgId,
    runs.map(({ id }) => id),
    column('key'),
    column('session_id'),
    column('started_at'),
    batch.map(({ after }) => after.id),
  ]);
  const isFollowedInBatch = followedIn(batch);
  const rowOf = new Map(runs.map((run) => [run.id, run]));
  return new Map(
    rows.map((row) => [
      row.run_id,
      {
        toolCalls: Number(row.tool_calls),
        lastToolCallAt: row.last_tool_call_at?.toISOString() ?? null,
        hasOpenToolCall: row.has_open_tool_call ?? false,
        rejectedAt: row.rejected_at?.toISOString() ?? null,
        failedCall: row.failed_at && {
          at: row.failed_at.toISOString(),
          category: row.failure_category,
          summary: row.error_summary,
        },
        lastMessageAt: row.last_message_at?.toISOString() ?? null,
        isFollowed: row.is_followed || isFollowedInBatch(rowOf.get(row.run_id)!),
        settleMs: Number(row.settle_ms),
      },
    ]),
  );
}

interface SignRow extends Record<string, unknown> {
  run_id: string;
  tool_calls: string;
  last_tool_call_at: Date | null;
  has_open_tool_call: boolean | null;
  rejected_at: Date | null;
  failed_at: Date | null;
  failure_category: string | null;
  error_summary: string | null;
  last_message_at: Date | null;
  is_followed: boolean;
  settle_ms: string;
}

const SIGNS = `
    select
      wanted.run_id, tools.*, failed.at as failed_at, failed.failure_category, failed.error_summary, said.last_message_at,
      later.is_followed, o.telemetry_settle_ms as settle_ms
    from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) as wanted (run_id, key, session_id, started_at)
    join organizations o
      on o.org_id = $1
    cross join lateral (
      select
        count(*) as tool_calls,
        max(greatest(started_at, completed_at)) as last_tool_call_at,
        bool_or(completed_at is null and status is null) as has_open_tool_call,
        max(coalesce(completed_at, started_at)) filter (where status = 'REJECTED' and rejected_by = 'person') as rejected_at
      from tool_calls
      where org_id = $1
        and run_id = wanted.run_id
    ) tools
    left join lateral (
      select at, failure_category, error_summary
      from llm_calls
      where org_id = $1
        and run_id = wanted.run_id
        and failure_category is not null
        and counts
      order by at desc, call_id
      limit 1
    ) failed on true
    cross join lateral (
      select max(sent_at) as last_message_at
      from messages
      where org_id = $1
        and key = wanted.key
        and role = 'agent'
    ) said
    cross join lateral (
      select exists (
        select
        from runs
        where org_id = $1
          and session_id = wanted.session_id
          and started_at > wanted.started_at
          and one_with is null
          and not deleted
          and (not starts_with(coalesce(key, ''), '${TRACE}') or starts_with(wanted.key, '${TRACE}'))
          and run_id <> all($6::text[])
      ) as is_followed
    ) later`;

/** Whether a run of the batch starts later in the same session. */
function followedIn(batch: readonly Change<RunRow>[]): (run: EntityRow) => boolean {
  const latest = new Map<string, { prompt: string; any: string }>();
  for (const { after } of batch) {
    const { session_id: sessionId, started_at: at } = after.values;
    if (typeof sessionId !== 'string' || typeof at !== 'string') continue;
    if (after.oneWith !== null || isDeleted('run', after.stamps)) continue;
    const known = latest.get(sessionId) ?? { prompt: '', any: '' };
    const ofTrace = isOfTrace(after);
    latest.set(sessionId, {
      prompt: !ofTrace && at > known.prompt ? at : known.prompt,
      any: at > known.any ? at : known.any,
    });
  }
  return (run) => {
    const { session_id: sessionId, started_at: at } = run.values;
    const found = latest.get(sessionId as string);
    if (!found || typeof at !== 'string') return false;
    return (isOfTrace(run) ? found.any : found.prompt) > at;
  };
}

function isOfTrace({ values }: EntityRow): boolean {
  return typeof values.key === 'string' && values.key.startsWith(TRACE);
}

/**
 * Stored runs, not of the batch, whose end may be derived otherwise now: the last ones of sessions in which a run began,
 * changed or went, and all of sessions that ended or were settled.
 */
export async function runsThatMayEnd(
  tx: Transaction,
  batch: readonly Change<RunRow>[],
  sessions: readonly Change[],
): Promise<string[]> {
  const begun = new Set<string>();
  for (const { before, after } of batch) {
    const [was, is] = [before && placeOf(before.values), placeOf(after.values)];
    const isSame =
      before !== null &&
      was === is &&
      before.derived.one_with === after.oneWith &&
      before.derived.deleted === isDeleted('run', after.stamps);
    if (isSame) continue;
    for (const id of [before?.values.session_id, after.values.session_id]) if (typeof id === 'string') begun.add(id);
  }
  const ended = sessions.filter(({ before, after }) =>
    ENDS.some((column) => (before?.values[column] ?? null) !== (after.values[column] ?? null)),
  );
  if (begun.size + ended.length === 0) return [];
  const { rows } = await tx.query<{ run_id: string }>(MAY_END, [
    tx.orgId,
    [...begun],
    ended.map(({ after }) => after.id),
    batch.map(({ after }) => after.id),
  ]);
  return rows.map(({ run_id }) => run_id);
}

const ENDS = ['ended_at', 'ended_status', 'ended_failure_category', 'settled_through'];

function placeOf({ session_id: sessionId, started_at: at, key }: EntityRow['values']): string {
  return JSON.stringify([sessionId, at, key]);
}

const MAY_END = `
    select found.run_id
    from unnest($2::text[]) as begun (session_id)
    cross join lateral (
      select r.run_id
      from runs r
      where r.org_id = $1
        and r.session_id = begun.session_id
        and r.one_with is null
        and (
          r.end_is_derived
          or r.has_derived_end
          or r.status = 'IN_FLIGHT' and exists (
            select
            from sessions s
            where s.org_id = $1
              and s.session_id = begun.session_id
              and s.ended_status is not null
          )
        )
        and r.run_id <> all($4::text[])
        and r.started_at = (
          select last.started_at
          from runs last
          where last.org_id = $1
            and last.session_id = begun.session_id
            and last.one_with is null
            and not last.deleted
            and last.started_at is not null
            and starts_with(coalesce(last.key, ''), '${TRACE}') = starts_with(coalesce(r.key, ''), '${TRACE}')
            and last.run_id <> all($4::text[])
          order by last.started_at desc
          limit 1
        )
      offset 0
    ) found
    union
    select found.run_id
    from unnest($3::text[]) as ended (session_id)
    cross join lateral (
      select r.run_id
      from runs r
      where r.org_id = $1
        and r.session_id = ended.session_id
        and r.one_with is null
        and (r.end_is_derived or r.has_derived_end or r.status = 'IN_FLIGHT')
        and r.run_id <> all($4::text[])
      offset 0
    ) found`;
