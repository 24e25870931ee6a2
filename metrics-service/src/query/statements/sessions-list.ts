import type { Direction, Rows } from '../plan.js';
import { SHOWN_NAME } from '../users.js';
import { activity } from './activity.js';
import { Bindings, clause, joins, kept, lines, passes, within, type Statement } from './statement.js';

export interface SessionColumn {
  readonly name: string;
  readonly type: 'text' | 'time' | 'number' | 'flag';
  /** over `active a`, its session `s` and that session's creator `u` */
  readonly sql: string;
  /** where it is no metric of the catalogue */
  readonly title?: string;
  readonly unit?: string;
}

const MS = 'extract(epoch from %) * 1000';
const NANOS_TO_USD = '0.000000001';

/** A session's row (definitions.md), in the order of its columns. */
export const SESSION_COLUMNS: readonly SessionColumn[] = [
  { name: 'session', type: 'text', title: 'Session', sql: 'a.session_id' },
  { name: 'user', type: 'text', title: 'User', sql: `coalesce(${SHOWN_NAME}, s.created_by_user_id) collate "C"` },
  { name: 'user_id', type: 'text', title: 'User id', sql: 's.created_by_user_id' },
  { name: 'repo', type: 'text', title: 'Repository', sql: 's.repo' },
  { name: 'workspace', type: 'text', title: 'Workspace', sql: 's.workspace' },
  { name: 'runtime', type: 'text', title: 'Runtime', sql: 's.runtime' },
  {
    name: 'last_active_at',
    type: 'time',
    title: 'Last active',
    sql: milliseconds('greatest(a.last_active_at, e.ended_at)'),
  },
  { name: 'runs', type: 'number', sql: 'a.runs::float8' },
  { name: 'run_success_rate', type: 'number', sql: 'a.succeeded_runs::float8 / nullif(a.terminal_runs::float8, 0)' },
  {
    name: 'total_cost',
    type: 'number',
    sql: `case when a.runs = 0 then 0 else (a.cost_nanos * ${NANOS_TO_USD})::float8 end`,
  },
  { name: 'total_tokens', type: 'number', sql: 'case when a.runs = 0 then 0 else a.total_tokens::float8 end' },
  {
    name: 'cost_coverage',
    type: 'number',
    sql: 'a.terminal_runs_with_cost::float8 / nullif(a.terminal_runs::float8, 0)',
  },
  { name: 'agent_active_time', type: 'number', title: 'Agent active time', unit: 'ms', sql: 'a.agent_ms::float8' },
  {
    name: 'lifespan',
    type: 'number',
    title: 'Lifespan',
    unit: 'ms',
    sql: milliseconds('a.last_message_at - a.first_message_at'),
  },
  { name: 'handoffs', type: 'number', sql: 'a.handoffs::float8' },
  { name: 'local_handoff', type: 'flag', title: 'Local handoff', sql: 'a.local_handoff' },
  { name: 'post_handoff_iteration', type: 'flag', title: 'Post-handoff iteration', sql: 'a.followed' },
];

function milliseconds(sql: string): string {
  return `(${MS.replace('%', sql)})::float8`;
}

export interface Page {
  readonly order: SessionColumn;
  readonly direction: Direction;
  readonly limit: number;
  readonly offset: number;
}

/** The latest run end in the window per session, of the runs that did not start in it: activity has the others. */
function runEnds({ window, filters }: Rows, bindings: Bindings): string {
  const ofSession = filters.filter(({ dimension }) => dimension.name === 'session');
  return lines(
    'left join (',
    '  select r.session_id, max(r.completed_at) as ended_at',
    '  from runs r',
    clause(
      '  where',
      [
        'r.org_id = $1',
        kept('r'),
        ...within('r.completed_at', window, bindings),
        `(${within('r.started_at', window, bindings).join(' and ')}) is not true`,
        ...ofSession.map((filter) => passes(filter, 'r.session_id', bindings)),
      ],
      '\n    and ',
    ),
    '  group by r.session_id',
    ') e on e.session_id = a.session_id',
  );
}

/** The page of active sessions; `found` counts all of them. */
export function sessionsListStatement(orgId: string, rows: Rows, page: Page): Statement {
  const bindings = new Bindings(orgId);
  const cut = { slices: [rows.window], whole: false, asked: 'all' } as const;
  const columns = SESSION_COLUMNS.map(({ sql }) => sql);
  const active = activity(rows, cut, columns, bindings);
  const sql = lines(
    active.sql,
    clause(
      'select\n ',
      [
        ...SESSION_COLUMNS.map(({ name, sql: expression }) => `${expression} as "${name}"`),
        'count(*) over () as found',
      ],
      ',\n  ',
    ),
    'from active a',
    joins(['s.repo', 'u.name'], 'a'),
    runEnds(rows, bindings),
    clause('where', active.conditions, '\n  and '),
    `order by "${page.order.name}" ${page.direction} nulls last, a.session_id`,
    `limit ${bindings.bind(page.limit, 'bigint')} offset ${bindings.bind(page.offset, 'bigint')}`,
  );
  return { sql, values: bindings.values };
}
