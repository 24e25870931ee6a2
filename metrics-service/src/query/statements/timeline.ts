import { REPO } from '../../catalogue/columns.js';
import type { Filter } from '../filters.js';
import { filterCondition, joinPerson, joinRepoName, notHidden, within } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { SHOWN_NAME } from '../users.js';
import { milliseconds } from './list.js';
import type { Rows } from '../rows.js';

/** Conditions on each table for one session in the window. */
function whereOf(rows: Rows, draft: Draft) {
  const [session] = rows.filters as [Filter];
  return (alias: 'r' | 'm' | 'h', time: string): string =>
    clause(
      'where',
      [
        `${alias}.org_id = $1`,
        filterCondition(session, `${alias}.session_id`, draft),
        notHidden(alias),
        ...within(time, rows.window, draft),
      ],
      '\n  and ',
    );
}

/** One row: the session, its counts in the window, and its first and last times there. */
export function timelineSessionStatement(orgId: string, rows: Rows): Statement {
  const draft = new Draft(orgId);
  const where = whereOf(rows, draft);
  const [session] = rows.filters as [Filter];
  const run = lines(
    'select',
    "  count(*)::float8 as runs, sum(case when jsonb_typeof(r.phases) = 'array' then jsonb_array_length(r.phases) end) as phases,",
    "  bool_or(r.status = 'IN_FLIGHT') as in_flight, min(r.started_at) as first_at,",
    '  max(greatest(r.started_at, r.completed_at)) as last_at',
    `from ${draft.table('runs')} r`,
    where('r', 'r.started_at'),
  );
  const message = lines(
    'select count(*)::float8 as messages, min(m.sent_at) as first_at, max(m.sent_at) as last_at',
    `from ${draft.table('messages')} m`,
    where('m', 'm.sent_at'),
  );
  const handoff = lines(
    'select count(*)::float8 as handoffs, min(h.occurred_at) as first_at, max(h.occurred_at) as last_at',
    `from ${draft.table('handoffs')} h`,
    where('h', 'h.occurred_at'),
  );
  const body = lines(
    'select',
    '  runs, coalesce(phases, 0)::float8 as phases, messages, handoffs, coalesce(in_flight, false) as in_flight,',
    `  ${milliseconds('least(run.first_at, message.first_at, handoff.first_at)')} as first_at,`,
    `  ${milliseconds('greatest(run.last_at, message.last_at, handoff.last_at)')} as last_at,`,
    `  coalesce(${SHOWN_NAME.sql}, pe.person_id, s.created_by_user_id) as user, ${REPO.sql} as repo, s.workspace, s.runtime`,
    'from run',
    'cross join message',
    'cross join handoff',
    `left join ${draft.table('sessions')} s on s.org_id = $1 and ${filterCondition(session, 's.session_id', draft)}`,
    joinRepoName(draft),
    joinPerson('s.created_by_user_id', draft),
  );
  return draft.statement({
    with: [
      { name: 'run', sql: run },
      { name: 'message', sql: message },
      { name: 'handoff', sql: handoff },
    ],
    body,
  });
}

/** The first runs of the session, with their phases. */
export function timelineRunsStatement(orgId: string, rows: Rows, limit: number): Statement {
  const draft = new Draft(orgId);
  const sql = lines(
    'select',
    `  r.run_id as id, ${milliseconds('r.started_at')} as started_at, ${milliseconds('r.completed_at')} as completed_at,`,
    `  coalesce(${SHOWN_NAME.sql}, pe.person_id, r.user_id) as user, r.status, r.model, r.task_type, r.failure_category, r.error_summary,`,
    '  r.input_tokens::float8 as input_tokens, r.output_tokens::float8 as output_tokens,',
    '  r.cost_nanos, r.queue_wait_ms::float8 as queue_wait, r.phases',
    `from ${draft.table('runs')} r`,
    joinPerson('r.user_id', draft),
    whereOf(rows, draft)('r', 'r.started_at'),
    'order by r.started_at, r.run_id',
    `limit ${draft.bind(limit, 'bigint')}`,
  );
  return draft.statement(sql);
}

/** The first handoffs of the session. */
export function timelineHandoffsStatement(orgId: string, rows: Rows, limit: number): Statement {
  const draft = new Draft(orgId);
  const sql = lines(
    'select',
    `  h.handoff_id as id, ${milliseconds('h.occurred_at')} as occurred_at, h.method,`,
    `  coalesce(${SHOWN_NAME.sql}, pe.person_id, h.user_id) as user`,
    `from ${draft.table('handoffs')} h`,
    joinPerson('h.user_id', draft),
    whereOf(rows, draft)('h', 'h.occurred_at'),
    'order by h.occurred_at, h.handoff_id',
    `limit ${draft.bind(limit, 'bigint')}`,
  );
  return draft.statement(sql);
}
