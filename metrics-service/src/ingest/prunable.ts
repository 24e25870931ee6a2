import type { Database } from '../db/database.js';
import type { EntityName } from '../entities/index.js';

/** What a retention removes of an organization, in rows. */
export interface PruneCounts {
  sessions: number;
  runs: number;
  messages: number;
  handoffs: number;
  calls: number;
  /** of the log */
  events: number;
  /** rejected events, by when they were received */
  deadLetters: number;
}

export type PrunedKind = Exclude<EntityName, 'user'>;

/**
 * The statements here bind $1 the organization, $2 the instant before which things are old, and $3 the same in epoch
 * milliseconds.
 */
export function pruneValues(orgId: string, before: Date): unknown[] {
  return [orgId, before.toISOString(), before.getTime()];
}

/** Whatever was said about a row was said before, and about earlier: stamps are sorted by time, and hold the latest. */
function old(row: string, ...moments: string[]): string {
  const conditions = moments.map((moment) => `and (${row}.${moment} < $2::timestamptz or ${row}.${moment} is null)`);
  return `((${row}.stamps -> -1 -> 0)::bigint < $3::bigint ${conditions.join(' ')})`;
}

const oldCall = old('c', 'at');

/**
 * Which rows may go, by kind: what nothing that stays depends on. A run goes with all of its calls or not at all, a
 * session when nothing else is left of it; so the rows that stay are those that the events that stay make.
 */
export const prunable: Record<PrunedKind, { alias: string; condition: string }> = {
  message: { alias: 'm', condition: old('m', 'sent_at') },
  handoff: { alias: 'h', condition: old('h', 'occurred_at') },
  run: {
    alias: 'r',
    condition: `${old('r', 'queued_at', 'started_at', 'progressed_at', 'completed_at')}
      and not exists (
        select from llm_calls c where c.org_id = $1 and c.run_id = r.run_id and not ${oldCall}
      )`,
  },
  // those of runs go with their runs
  llm_call: {
    alias: 'c',
    condition: `${oldCall}
      and not exists (select from runs r where r.org_id = $1 and r.run_id = c.run_id)`,
  },
  session: {
    alias: 's',
    condition: `${old('s', 'created_at')}
      and not exists (select from runs r where r.org_id = $1 and r.session_id = s.session_id)
      and not exists (select from messages m where m.org_id = $1 and m.session_id = s.session_id)
      and not exists (select from handoffs h where h.org_id = $1 and h.session_id = s.session_id)
      and not exists (select from llm_calls c where c.org_id = $1 and c.session_id = s.session_id)`,
  },
};

/** In one statement what the steps of prune.ts do one after the other: sessions are left when the others are gone. */
const COUNTS = `
  with
    old_runs as materialized (select run_id from runs r where org_id = $1 and ${prunable.run.condition}),
    old_messages as materialized (select message_id from messages m where org_id = $1 and ${prunable.message.condition}),
    old_handoffs as materialized (select handoff_id from handoffs h where org_id = $1 and ${prunable.handoff.condition}),
    old_calls as materialized (
      select call_id from llm_calls c where org_id = $1 and ${prunable.llm_call.condition}
      union all
      select call_id from llm_calls c join old_runs r on r.run_id = c.run_id where c.org_id = $1
    ),
    used_sessions as (
      select session_id
      from runs r
      where org_id = $1
        and not exists (select from old_runs o where o.run_id = r.run_id)
      union
      select session_id
      from messages m
      where org_id = $1
        and not exists (select from old_messages o where o.message_id = m.message_id)
      union
      select session_id
      from handoffs h
      where org_id = $1
        and not exists (select from old_handoffs o where o.handoff_id = h.handoff_id)
      union
      select session_id
      from llm_calls c
      where org_id = $1
        and not exists (select from old_calls o where o.call_id = c.call_id)
    ),
    old_sessions as materialized (
      select session_id
      from sessions s
      where org_id = $1
        and ${old('s', 'created_at')}
        and not exists (select from used_sessions used where used.session_id = s.session_id)
    ),
    old_entities as (
      select 'run:' || run_id as entity from old_runs
      union all
      select 'message:' || message_id from old_messages
      union all
      select 'handoff:' || handoff_id from old_handoffs
      union all
      select 'llm_call:' || call_id from old_calls
      union all
      select 'session:' || session_id from old_sessions
    )
  select
    (select count(*) from old_sessions) as sessions,
    (select count(*) from old_runs) as runs,
    (select count(*) from old_messages) as messages,
    (select count(*) from old_handoffs) as handoffs,
    (select count(*) from old_calls) as calls,
    (
      select count(*)
      from events
      where org_id = $1
        and event_entity(type, data) in (select entity from old_entities)
    ) as events,
    (select count(*) from dead_letters where org_id = $1 and received_at < $2::timestamptz) as "deadLetters"`;

/** What a retention would remove now: everything last heard of before that instant. Changes nothing. */
export async function countPrunable(database: Database, orgId: string, before: Date): Promise<PruneCounts> {
  const { rows } = await database.inOrganization(
    orgId,
    async (tx) => {
      // it reads everything there is, and nobody waits for it
      await tx.query('set local statement_timeout to 0');
      return tx.query<Record<keyof PruneCounts, string>>(COUNTS, pruneValues(orgId, before));
    },
    { readOnly: true },
  );
  const [row] = rows;
  return {
    sessions: Number(row!.sessions),
    runs: Number(row!.runs),
    messages: Number(row!.messages),
    handoffs: Number(row!.handoffs),
    calls: Number(row!.calls),
    events: Number(row!.events),
    deadLetters: Number(row!.deadLetters),
  };
}
