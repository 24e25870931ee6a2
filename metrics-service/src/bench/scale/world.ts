import type pg from 'pg';

/** The last moment of the made-up year. */
export const SCALE_END_MS = Date.UTC(2026, 9, 1);
const DAYS = 365;
const RUNS_PER_SESSION = 4;
const USERS = 2_000;
const TABLES = ['users', 'work_items', 'sessions', 'runs', 'run_models', 'messages', 'handoffs', 'tool_calls'];

/** The same draws for the same numbers: in [0, 1). */
const draw = (salt: string): string => `(hashint8extended(n, ${salt}) & 1048575) / 1048576.0`;
/** Few of many have most: users, repositories. */
const skewed = (of: number, salt: string): string => `floor(${of} * power(${draw(salt)}, 2))::int`;

/** What happens in and beside the runs. */
const BESIDE = [
  `insert into run_models (
     org_id, run_id, model, cost_nanos, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, unpriced_tokens
   )
   select
     org_id, run_id, model, cost_nanos, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
     case when cost_nanos is null then input_tokens end
   from runs
   where org_id = $1`,
  `insert into messages (org_id, message_id, session_id, role, user_id, sent_at, hidden, stamps)
   select org_id, 'm-' || run_id, session_id, 'user', user_id, started_at - interval '3 seconds', false, '[]'
   from runs
   where org_id = $1`,
  `insert into handoffs (org_id, handoff_id, session_id, user_id, occurred_at, method, hidden, stamps)
   select org_id, 'h-' || run_id, session_id, user_id, completed_at, 'cli', false, '[]'
   from runs
   where org_id = $1
     and hashtext(run_id) % 20 = 0`,
  `insert into tool_calls (org_id, tool_call_id, run_id, session_id, name, status, at, started_at, completed_at, stamps)
   select
     org_id, 't-' || run_id, run_id, session_id, (array['Bash', 'Edit', 'Read', 'Grep'])[1 + files_changed % 4],
     'SUCCEEDED', started_at, started_at, completed_at, '[]'
   from runs
   where org_id = $1`,
  `insert into work_items (org_id, work_item_id, title, type, project, created_at, closed_at, passed_at, stamps)
   select
     $1, work_item_id, work_item_id, (array['bug', 'feature', 'chore', 'incident'])[1 + (hashtext(work_item_id) & 3)], 'project-' || (hashtext(work_item_id) & 7), min(started_at), max(completed_at),
     max(completed_at), '[]'
   from runs
   where org_id = $1
     and work_item_id is not null
   group by work_item_id`,
];

/**
 * Fills an organization with so many runs over a year, four a session, of 2,000 users in 40 teams and 200 repositories, each
 * with its part, a message and a tool call; one in twenty is handed off, one in three is about a work item. The rows are written without their triggers: nothing has been asked yet.
 */
export async function makeScaleWorld(
  owner: pg.Client,
  orgId: string,
  runs: number,
  endMs = SCALE_END_MS,
): Promise<void> {
  await owner.query('begin');
  try {
    for (const table of TABLES) await owner.query(`alter table ${table} disable trigger user`);
    await owner.query(
      `insert into users (org_id, user_id, name, team, stamps)
       select $1, 'user-' || n, 'User ' || n, 'team-' || n % 40, '[]'
       from generate_series(0, ${USERS - 1}) n`,
      [orgId],
    );
    await owner.query(
      `insert into sessions (org_id, session_id, created_at, created_by_user_id, repo, runtime, workspace, hidden, stamps)
       select
         $1,
         'session-' || n,
         to_timestamp($3::float8) - ${DAYS} * interval '1 day' * (1 - n::float8 / $2::bigint),
         'user-' || ${skewed(USERS, '1')},
         'acme/repo-' || ${skewed(200, '2')},
         (array['claude-code', 'codex', 'gemini-cli'])[1 + n % 3],
         'workspace-' || n % 20,
         false,
         '[]'
       from generate_series(0, $2::bigint - 1) n`,
      [orgId, Math.ceil(runs / RUNS_PER_SESSION), endMs / 1_000],
    );
    await owner.query(
      `insert into runs (
         org_id, run_id, session_id, user_id, started_at, completed_at, hidden, deleted, status, failure_category, model, agent,
         execution_ms, queue_wait_ms, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_nanos,
         files_changed, lines_added, lines_deleted, task_type, role, work_item_id, stamps
       )
       select
         $1,
         'run-' || n,
         s.session_id,
         s.created_by_user_id,
         started_at,
         started_at + duration_ms * interval '1 millisecond',
         false,
         false,
         status,
         case when status = 'FAILED' then (array['tool_error', 'agent_error', 'rate_limited', 'uncategorized'])[1 + n % 4] end,
         (array['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5', 'gpt-5.4', 'gpt-5.4-mini'])[1 + ${skewed(5, '3')}],
         'agent-' || n % 30,
         duration_ms,
         n % 4000,
         10000 + n % 90000,
         500 + n % 3000,
         8000 + n % 60000,
         1000,
         case when n % 50 > 0 then 1000000 * (n % 900) + n end,
         n % 9,
         n % 300,
         n % 70,
         (array['bugfix', 'feature', 'chore', 'review'])[1 + n % 4],
         (array['implementer', 'reviewer', null])[1 + n % 3],
         case when n / ${RUNS_PER_SESSION} % 3 = 0 then 'item-' || n / 40 end,
         '[]'
       from (
         select
           n,
           floor(60000 * exp(4 * ${draw('4')}))::bigint as duration_ms,
           (array['SUCCEEDED', 'FAILED', 'CANCELED', 'TIMEOUT', 'SUCCEEDED', 'SUCCEEDED'])[1 + ${skewed(6, '5')}] as status
         from generate_series(0, $2::bigint - 1) n
       ) drawn
       join sessions s on s.org_id = $1 and s.session_id = 'session-' || n / ${RUNS_PER_SESSION}
       cross join lateral (
         select date_trunc('milliseconds', s.created_at + (n % ${RUNS_PER_SESSION}) * interval '17 minutes' + (n % 977) * interval '1 second') as started_at
       ) at`,
      [orgId, runs],
    );
    for (const sql of BESIDE) await owner.query(sql, [orgId]);
    for (const table of TABLES) await owner.query(`alter table ${table} enable trigger user`);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
  await owner.query(`vacuum analyze ${TABLES.join(', ')}`);
}
