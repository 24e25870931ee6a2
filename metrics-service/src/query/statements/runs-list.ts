import type { Rows } from '../plan.js';
import { SHOWN_NAME } from '../users.js';
import { orderBy, selected, type Page, type SelectedColumn } from './list.js';
import { passingSessions } from './passing-sessions.js';
import { Bindings, clause, columnOf, joins, kept, lines, passes, within, type Statement } from './statement.js';

/** A run's row, in the order of its columns; `u` is the run's user. */
export const RUN_COLUMNS: readonly SelectedColumn[] = [
  { name: 'run', type: 'text', title: 'Run', sql: 'r.run_id' },
  { name: 'session', type: 'text', sql: 'r.session_id' },
  { name: 'user', type: 'text', sql: `coalesce(${SHOWN_NAME}, r.user_id) collate "C"` },
  { name: 'user_id', type: 'text', title: 'User id', sql: 'r.user_id' },
  { name: 'status', type: 'text', sql: 'r.status' },
  { name: 'started_at', type: 'time', title: 'Started', sql: 'r.started_at', isSet: true },
  { name: 'completed_at', type: 'time', title: 'Completed', sql: 'r.completed_at' },
  { name: 'duration', type: 'number', title: 'Duration', unit: 'ms', sql: 'r.execution_ms' },
  { name: 'queue_wait', type: 'number', title: 'Queue wait', unit: 'ms', sql: 'r.queue_wait_ms' },
  { name: 'model', type: 'text', sql: 'r.model' },
  { name: 'task_type', type: 'text', sql: 'r.task_type' },
  { name: 'agent', type: 'text', title: 'Agent', sql: 'r.agent' },
  { name: 'input_tokens', type: 'number', sql: 'r.input_tokens' },
  { name: 'output_tokens', type: 'number', sql: 'r.output_tokens' },
  { name: 'total_cost', type: 'number', sql: 'r.cost_nanos * 0.000000001' },
  { name: 'failure_category', type: 'text', sql: 'r.failure_category' },
  { name: 'error_summary', type: 'text', title: 'Error summary', sql: 'r.error_summary collate "C"' },
  { name: 'files_changed', type: 'number', sql: 'r.files_changed' },
  { name: 'lines_added', type: 'number', sql: 'r.lines_added' },
  { name: 'lines_deleted', type: 'number', sql: 'r.lines_deleted' },
  { name: 'tests_run', type: 'number', sql: 'r.tests_run' },
  { name: 'tests_passed', type: 'number', title: 'Tests passed', unit: 'locale', sql: 'r.tests_passed' },
];

/** The runs of the window that pass the filters: those of run metrics, and those of the session's handoffs. */
export function runsThatPass(
  rows: Rows,
  bindings: Bindings,
): { with: string; columns: string[]; conditions: readonly string[] } {
  const ofRun = rows.filters.filter(({ dimension }) => !dimension.flag);
  const sessions = passingSessions(
    { ...rows, filters: rows.filters.filter(({ dimension }) => dimension.flag) },
    'r.session_id',
    bindings,
  );
  return {
    with: sessions.with,
    columns: ofRun.map(({ dimension }) => columnOf(dimension, 'run')),
    conditions: [
      'r.org_id = $1',
      kept('r'),
      ...within('r.started_at', rows.window, bindings),
      ...ofRun.map((filter) => passes(filter, columnOf(filter.dimension, 'run'), bindings)),
      ...sessions.conditions,
    ],
  };
}

/** The page of runs; `found` counts all of them, so that no more than the page's rows are read whole. */
export function runsListStatement(orgId: string, rows: Rows, page: Page): Statement {
  const bindings = new Bindings(orgId);
  const passing = runsThatPass(rows, bindings);
  const where = clause('where', passing.conditions, '\n  and ');
  const count = lines('select count(*)', 'from runs r', joins(passing.columns, 'r'), where).replace(/^/gm, '  ');
  const sql = lines(
    passing.with,
    clause('select\n ', [...RUN_COLUMNS.map(selected), `(\n${count}\n  ) as found`], ',\n  '),
    'from runs r',
    joins([...passing.columns, 'u.name'], 'r'),
    where,
    orderBy(page, 'r.run_id'),
    `limit ${bindings.bind(page.limit, 'bigint')} offset ${bindings.bind(page.offset, 'bigint')}`,
  );
  return { sql, values: bindings.values };
}
