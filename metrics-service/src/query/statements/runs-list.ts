import { UNITS } from '../../catalogue/units.js';
import {
  column,
  DURATION,
  personOf,
  REPO,
  STAGE,
  WORK_ITEM,
  type Column,
  type Expression,
} from '../../catalogue/columns.js';
import { columnsOf, type Measure } from '../../catalogue/measure.js';
import { ofSingleRow } from '../../catalogue/aggregates.js';
import { expressionOf, joins, notHidden, within } from '../sql/conditions.js';
import { runConditions } from '../sql/run-filters.js';
import { clause, Draft, lines, type Statement, type TableExpression } from '../sql/statement.js';
import { SHOWN_NAME } from '../users.js';
import type { CounterColumn } from './counter-columns.js';
import {
  afterId,
  columnsRead,
  limitTo,
  metricColumn,
  orderBy,
  selectItems,
  type Page,
  type RowColumn,
} from './list.js';
import { passingSessions } from './passing-sessions.js';
import type { Rows } from '../rows.js';

const PERSON = personOf('r.user_id');

/** Which run it is, and whose; `u` is the run's user. */
export const WHICH_RUN: readonly RowColumn[] = [
  { name: 'run', type: 'text', title: 'Run', ...column('r.run_id') },
  { name: 'session', type: 'text', ...column('r.session_id') },
  {
    name: 'user',
    type: 'text',
    sql: `coalesce(${SHOWN_NAME.sql}, ${PERSON.sql}) collate "C"`,
    columns: [...SHOWN_NAME.columns, ...PERSON.columns],
  },
  { name: 'user_id', type: 'text', title: 'User id', ...PERSON },
];

/** The columns of a run's row, in order. */
export const RUN_COLUMNS: readonly RowColumn[] = [
  ...WHICH_RUN,
  { name: 'team', type: 'text', ...column('u.team') },
  { name: 'repo', type: 'text', ...REPO },
  { name: 'status', type: 'text', ...column('r.status') },
  { name: 'started_at', type: 'time', title: 'Started', ...column('r.started_at'), isSet: true },
  { name: 'completed_at', type: 'time', title: 'Completed', ...column('r.completed_at') },
  { name: 'duration', type: 'number', title: 'Duration', unit: UNITS.ms, ...DURATION },
  { name: 'queue_wait', type: 'number', title: 'Queue wait', unit: UNITS.ms, ...column('r.queue_wait_ms') },
  // of its duration
  { name: 'await', type: 'number', title: 'Waited for a person', unit: UNITS.ms, ...column('r.await_ms') },
  { name: 'model', type: 'text', ...column('r.model') },
  { name: 'task_type', type: 'text', ...column('r.task_type') },
  { name: 'agent', type: 'text', title: 'Agent', ...column('r.agent') },
  { name: 'role', type: 'text', ...column('r.role') },
  { name: 'workflow', type: 'text', ...column('r.workflow') },
  { name: 'stage', type: 'text', ...STAGE },
  { name: 'work_item', type: 'text', ...WORK_ITEM },
  metricColumn('input_tokens'),
  metricColumn('output_tokens'),
  metricColumn('total_cost'),
  { name: 'failure_category', type: 'text', ...column('r.failure_category') },
  {
    name: 'error_summary',
    type: 'text',
    title: 'Error summary',
    sql: 'r.error_summary collate "C"',
    columns: ['r.error_summary'],
  },
  // what was not reported is unknown for a single run; the metric, a sum, would say 0
  { name: 'files_changed', type: 'number', ...column('r.files_changed') },
  { name: 'lines_added', type: 'number', ...column('r.lines_added') },
  { name: 'lines_deleted', type: 'number', ...column('r.lines_deleted') },
  { name: 'tests_run', type: 'number', ...column('r.tests_run') },
  { name: 'tests_passed', type: 'number', title: 'Tests passed', unit: 'locale', ...column('r.tests_passed') },
  { name: 'url', type: 'text', title: 'Page', sql: 'r.url collate "C"', columns: ['r.url'] },
];

/** A measure of the one run of a row. */
export function ofRun(measure: Measure): Expression {
  return { sql: ofSingleRow(measure), columns: columnsOf(measure) };
}

/** The table expressions, columns and conditions for runs that pass the filters. */
export interface PassingRuns {
  readonly with: readonly TableExpression[];
  readonly columns: readonly Column[];
  readonly conditions: readonly string[];
}

/** The runs of the window that pass the filters: run filters, and those on the session's handoffs. */
export function runsThatPass(rows: Rows, draft: Draft): PassingRuns {
  const ofRuns = rows.filters.filter(({ dimension }) => !dimension.flag);
  const sessions = passingSessions(
    { ...rows, filters: rows.filters.filter(({ dimension }) => dimension.flag) },
    'r.session_id',
    draft,
  );
  return {
    with: sessions.with,
    columns: ofRuns.flatMap(({ dimension }) => expressionOf(dimension, 'run').columns),
    conditions: [
      'r.org_id = $1',
      notHidden('r'),
      ...within('r.started_at', rows.window, draft),
      ...runConditions(ofRuns, draft),
      ...sessions.conditions,
    ],
  };
}

/** The order of a page; by a counter it is that of its number. */
function orderOf({ order }: Page, draft: Draft): RowColumn {
  if (!('counter' in order)) return order;
  const { counter } = order as CounterColumn;
  return { ...order, sql: `(r.counters ->> ${draft.bind(counter, 'text')})::numeric` };
}

/** One page of runs, with their `counters`; `found` counts all of them. Only the page's rows are read in full. */
export function runsListStatement(orgId: string, rows: Rows, page: Page): Statement {
  const draft = new Draft(orgId);
  const passing = runsThatPass(rows, draft);
  const where = clause('where', [...passing.conditions, ...afterId('r.run_id', page, draft)], '\n  and ');
  const runs = `from ${draft.table('runs')} r`;
  const count = lines('select count(*)', runs, joins(passing.columns, 'r', draft), where).replace(/^/gm, '  ');
  const body = lines(
    clause('select\n ', [...selectItems(RUN_COLUMNS, ofRun), 'r.counters', `(\n${count}\n  ) as found`], ',\n  '),
    runs,
    joins([...passing.columns, ...columnsRead(RUN_COLUMNS, ofRun)], 'r', draft),
    where,
    orderBy({ ...page, order: orderOf(page, draft) }, 'r.run_id', ofRun),
    limitTo(page, draft),
  );
  return draft.statement({ with: passing.with, body });
}
