import type { Transaction } from '../db/database.js';

/** Lengths of the slots in which first and last moments are counted; the longest begins on a Thursday, as the epoch does. */
export const SESSION_LEVELS: readonly number[] = [10_080, 1440, 60];
/** A shorter gap is not kept, so that no window that is shorter can be answered. */
export const SHORTEST_GAP_MS = 3_600_000;
/** Most sessions refreshed in one transaction. */
const BATCH = 2_000;

/** A gap shorter than 2 ^ class seconds, and not shorter than half of that. Pure. */
export function gapClass(ms: number): number {
  return Math.floor(Math.log2(ms / 1000)) + 1;
}

/** What happened in the sessions `$2`; what happened in one moment has a row each. */
const MOMENTS = `
    select wanted.session_id, moment.at, moment.is_message
    from unnest($2::text[]) as wanted (session_id)
    cross join lateral (
      select started_at as at, false as is_message
      from runs
      where org_id = $1
        and session_id = wanted.session_id
        and not hidden
        and started_at is not null
      union all
      select sent_at, true
      from messages
      where org_id = $1
        and session_id = wanted.session_id
        and not hidden
      union all
      select occurred_at, false
      from handoffs
      where org_id = $1
        and session_id = wanted.session_id
        and not hidden
      offset 0
    ) moment`;

const REPLACE_SESSIONS = `
    insert into rollup_sessions (
      org_id, session_id, first_at, last_at, first_message_at, last_message_at, cost_nanos, runs, tokens
    )
    select
      $1, known.session_id, known.first_at, known.last_at, known.first_message_at, known.last_message_at, life.*
    from (
      select
        session_id,
        min(at) as first_at,
        max(at) as last_at,
        min(at) filter (where is_message) as first_message_at,
        max(at) filter (where is_message) as last_message_at
      from (${MOMENTS}
      ) moments
      group by session_id
    ) known
    cross join lateral (
      select sum(cost_nanos), count(*), coalesce(sum(input_tokens), 0) + coalesce(sum(output_tokens), 0)
      from runs
      where org_id = $1
        and session_id = known.session_id
        and not hidden
        and started_at is not null
    ) life`;

/** The gaps between those of the moments: two that happened at once have none. */
function replaceGaps(table: string, which: string): string {
  return `
    insert into ${table} (org_id, class, at, session_id, since)
    select $1, floor(log(2, extract(epoch from at - since)))::smallint + 1, at, session_id, since
    from (
      select session_id, at, lag(at) over (partition by session_id order by at) as since
      from (${MOMENTS}
      ) moments
      where ${which}
    ) linked
    where at - since >= $3::bigint * interval '1 millisecond'`;
}

const REPLACE_GAPS = replaceGaps('rollup_session_gaps', 'true');
const REPLACE_MESSAGE_GAPS = replaceGaps('rollup_message_gaps', 'is_message');

/** Adds the first and last moments and messages of sessions to the slots, or takes them away. */
const COUNT = `
    insert into rollup_session_slots as slots (
      org_id, minutes, at, firsts, lasts, message_firsts, message_lasts, message_first_ms, message_last_ms
    )
    select
      $1,
      length.minutes,
      date_bin(length.minutes * interval '1 minute', moment.at, 'epoch'),
      $4::bigint * count(*) filter (where moment.kind = 'first'),
      $4::bigint * count(*) filter (where moment.kind = 'last'),
      $4::bigint * count(*) filter (where moment.kind = 'first message'),
      $4::bigint * count(*) filter (where moment.kind = 'last message'),
      $4::bigint * coalesce(sum(moment.ms) filter (where moment.kind = 'first message'), 0),
      $4::bigint * coalesce(sum(moment.ms) filter (where moment.kind = 'last message'), 0)
    from rollup_sessions s
    cross join lateral (
      select kind, at, (extract(epoch from at) * 1000)::bigint as ms
      from (
        values
          ('first', s.first_at),
          ('last', s.last_at),
          ('first message', s.first_message_at),
          ('last message', s.last_message_at)
      ) known (kind, at)
      where at is not null
    ) moment
    cross join unnest($3::smallint[]) length (minutes)
    where s.org_id = $1
      and s.session_id = any($2::text[])
    group by 2, 3
    on conflict (org_id, minutes, at) do update set
      firsts = slots.firsts + excluded.firsts,
      lasts = slots.lasts + excluded.lasts,
      message_firsts = slots.message_firsts + excluded.message_firsts,
      message_lasts = slots.message_lasts + excluded.message_lasts,
      message_first_ms = slots.message_first_ms + excluded.message_first_ms,
      message_last_ms = slots.message_last_ms + excluded.message_last_ms`;

/** What is kept of sessions is a function of these statements. */
export const SESSIONS_DEFINITION = [
  ...[REPLACE_SESSIONS, REPLACE_GAPS, REPLACE_MESSAGE_GAPS, COUNT],
  ...[SESSION_LEVELS.join(), SHORTEST_GAP_MS],
].join('\n');

/**
 * Brings what is kept of marked sessions up to date, in a transaction of one snapshot: exactly the marks that it saw are
 * deleted. Returns how many sessions that were, and whether there may be more.
 */
export async function refreshSessions(tx: Transaction): Promise<{ sessions: number; isLast: boolean }> {
  const { rows } = await tx.query<{ session_id: string }>(
    `
    select distinct session_id
    from rollup_session_marks
    where org_id = $1
    order by session_id
    limit ${BATCH}`,
    [tx.orgId],
  );
  const ids = rows.map(({ session_id: id }) => id);
  if (ids.length > 0) replace(tx, ids);
  return { sessions: ids.length, isLast: ids.length < BATCH };
}

function replace(tx: Transaction, ids: readonly string[]): void {
  tx.write(`delete from rollup_session_marks where org_id = $1 and session_id = any($2::text[])`, [tx.orgId, ids]);
  tx.write(COUNT, [tx.orgId, ids, SESSION_LEVELS, -1]);
  for (const table of ['rollup_sessions', 'rollup_session_gaps', 'rollup_message_gaps']) {
    tx.write(`delete from ${table} where org_id = $1 and session_id = any($2::text[])`, [tx.orgId, ids]);
  }
  tx.write(REPLACE_SESSIONS, [tx.orgId, ids]);
  tx.write(REPLACE_GAPS, [tx.orgId, ids, SHORTEST_GAP_MS]);
  tx.write(REPLACE_MESSAGE_GAPS, [tx.orgId, ids, SHORTEST_GAP_MS]);
  tx.write(COUNT, [tx.orgId, ids, SESSION_LEVELS, 1]);
}

/** Forgets what is kept of sessions, and marks all that there are. */
export async function claimSessions(tx: Transaction): Promise<void> {
  for (const table of ['rollup_sessions', 'rollup_session_slots', 'rollup_session_gaps', 'rollup_message_gaps']) {
    await tx.query(`delete from ${table} where org_id = $1`, [tx.orgId]);
  }
  await tx.query(
    `
    insert into rollup_session_marks (org_id, session_id)
    select org_id, session_id from runs where org_id = $1 and session_id is not null
    union
    select org_id, session_id from messages where org_id = $1 and session_id is not null
    union
    select org_id, session_id from handoffs where org_id = $1`,
    [tx.orgId],
  );
}
