import type { Filter, Rows } from '../plan.js';
import { SHOWN_NAME } from '../users.js';
import { milliseconds } from './list.js';
import { Bindings, clause, kept, lines, passes, within, type Statement } from './statement.js';

/** Of one session, in the window: the conditions on each of its tables. */
function whereOf(rows: Rows, bindings: Bindings) {
  const [session] = rows.filters as [Filter];
  return (alias: 'r' | 'm' | 'h', time: string): string =>
    clause(
      'where',
      [
        `${alias}.org_id = $1`,
        passes(session, `${alias}.session_id`, bindings),
        kept(alias),
        ...within(time, rows.window, bindings),
      ],
      '\n  and ',
    );
}

/** One row: what the session is, how much it has in the window, and when its first and last things were. */
export function timelineSessionStatement(orgId: string, rows: Rows): Statement {
  const bindings = new Bindings(orgId);
  const where = whereOf(rows, bindings);
  const [session] = rows.filters as [Filter];
  const sql = lines(
    'with run as (',
    'select',
    "  count(*)::float8 as runs, sum(case when jsonb_typeof(r.phases) = 'array' then jsonb_array_length(r.phases) end) as phases,",
    "  bool_or(r.status = 'IN_FLIGHT') as in_flight, min(r.started_at) as first_at,",
    '  max(greatest(r.started_at, r.completed_at)) as last_at',
    'from runs r',
    where('r', 'r.started_at'),
    '), message as (',
    'select count(*)::float8 as messages, min(m.sent_at) as first_at, max(m.sent_at) as last_at',
    'from messages m',
    where('m', 'm.sent_at'),
    '), handoff as (',
    'select count(*)::float8 as handoffs, min(h.occurred_at) as first_at, max(h.occurred_at) as last_at',
    'from handoffs h',
    where('h', 'h.occurred_at'),
    ')',
    'select',
    '  runs, coalesce(phases, 0)::float8 as phases, messages, handoffs, coalesce(in_flight, false) as in_flight,',
    `  ${milliseconds('least(run.first_at, message.first_at, handoff.first_at)')} as first_at,`,
    `  ${milliseconds('greatest(run.last_at, message.last_at, handoff.last_at)')} as last_at,`,
    `  coalesce(${SHOWN_NAME}, s.created_by_user_id) as user, s.repo, s.workspace, s.runtime`,
    'from run',
    'cross join message',
    'cross join handoff',
    `left join sessions s on s.org_id = $1 and ${passes(session, 's.session_id', bindings)}`,
    'left join users u on u.org_id = $1 and u.user_id = s.created_by_user_id',
  );
  return { sql, values: bindings.values };
}

/** The first runs of the session, with their phases. */
export function timelineRunsStatement(orgId: string, rows: Rows, limit: number): Statement {
  const bindings = new Bindings(orgId);
  const sql = lines(
    'select',
    `  r.run_id as id, ${milliseconds('r.started_at')} as started_at, ${milliseconds('r.completed_at')} as completed_at,`,
    `  coalesce(${SHOWN_NAME}, r.user_id) as user, r.status, r.model, r.task_type, r.failure_category, r.error_summary,`,
    '  r.input_tokens::float8 as input_tokens, r.output_tokens::float8 as output_tokens,',
    '  (r.cost_nanos * 0.000000001)::float8 as total_cost, r.queue_wait_ms::float8 as queue_wait, r.phases',
    'from runs r',
    'left join users u on u.org_id = $1 and u.user_id = r.user_id',
    whereOf(rows, bindings)('r', 'r.started_at'),
    'order by r.started_at, r.run_id',
    `limit ${bindings.bind(limit, 'bigint')}`,
  );
  return { sql, values: bindings.values };
}

/** The first handoffs of the session. */
export function timelineHandoffsStatement(orgId: string, rows: Rows, limit: number): Statement {
  const bindings = new Bindings(orgId);
  const sql = lines(
    'select',
    `  h.handoff_id as id, ${milliseconds('h.occurred_at')} as occurred_at, h.method,`,
    `  coalesce(${SHOWN_NAME}, h.user_id) as user`,
    'from handoffs h',
    'left join users u on u.org_id = $1 and u.user_id = h.user_id',
    whereOf(rows, bindings)('h', 'h.occurred_at'),
    'order by h.occurred_at, h.handoff_id',
    `limit ${bindings.bind(limit, 'bigint')}`,
  );
  return { sql, values: bindings.values };
}
