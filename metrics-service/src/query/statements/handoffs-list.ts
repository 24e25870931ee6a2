import type { Rows } from '../plan.js';
import { SHOWN_NAME } from '../users.js';
import { orderBy, selected, type Page, type SelectedColumn } from './list.js';
import { passingSessions } from './passing-sessions.js';
import { Bindings, clause, kept, lines, within, type Statement } from './statement.js';

/** A handoff's row, in the order of its columns; `u` is its user, `n` the runs within X, `f` the first run after it. */
export const HANDOFF_COLUMNS: readonly SelectedColumn[] = [
  { name: 'occurred_at', type: 'time', title: 'Time', sql: 'h.occurred_at', isSet: true },
  { name: 'method', type: 'text', title: 'Method', sql: 'h.method collate "C"' },
  { name: 'user', type: 'text', sql: `coalesce(${SHOWN_NAME}, h.user_id) collate "C"` },
  { name: 'user_id', type: 'text', title: 'User id', sql: 'h.user_id' },
  { name: 'runs_after', type: 'number', title: 'Runs after', unit: 'locale', sql: 'n.runs' },
  {
    name: 'first_run_after',
    type: 'number',
    title: 'First run after',
    unit: 'ms',
    sql: 'extract(epoch from f.started_at - h.occurred_at) * 1000',
  },
  { name: 'first_run_status', type: 'text', title: 'Status of the first run', sql: 'f.status' },
];

/** The conditions on handoffs `h`: in the window, in a session that passes the filters. */
export function handoffsThatPass(rows: Rows, bindings: Bindings): { with: string; conditions: readonly string[] } {
  const sessions = passingSessions(rows, 'h.session_id', bindings);
  return {
    with: sessions.with,
    conditions: ['h.org_id = $1', kept('h'), ...within('h.occurred_at', rows.window, bindings), ...sessions.conditions],
  };
}

/** The page of handoffs with the runs that followed, which may lie after the window; `found` counts all handoffs. */
export function handoffsListStatement(orgId: string, rows: Rows, page: Page): Statement {
  const bindings = new Bindings(orgId);
  const passing = handoffsThatPass(rows, bindings);
  const where = clause('where', passing.conditions, '\n  and ');
  const count = lines('select count(*)', 'from handoffs h', where).replace(/^/gm, '  ');
  const followed = clause(
    'where',
    ['r.org_id = $1', 'r.session_id = h.session_id', kept('r'), 'r.started_at > h.occurred_at'],
    '\n    and ',
  );
  const limit = `${bindings.bind(rows.postHandoffMs, 'bigint')} * interval '1 millisecond'`;
  const sql = lines(
    passing.with,
    clause('select\n ', [...HANDOFF_COLUMNS.map(selected), `(\n${count}\n  ) as found`], ',\n  '),
    'from handoffs h',
    'left join users u on u.org_id = $1 and u.user_id = h.user_id',
    'cross join lateral (',
    '  select count(*) as runs',
    '  from runs r',
    `  ${followed}`,
    `    and r.started_at <= h.occurred_at + ${limit}`,
    ') n',
    'left join lateral (',
    '  select r.started_at, r.status',
    '  from runs r',
    `  ${followed}`,
    '  order by r.started_at, r.run_id',
    '  limit 1',
    ') f on true',
    where,
    orderBy(page, 'h.handoff_id'),
    `limit ${bindings.bind(page.limit, 'bigint')} offset ${bindings.bind(page.offset, 'bigint')}`,
  );
  return { sql, values: bindings.values };
}
