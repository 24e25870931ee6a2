import { column, REPO, type Column } from '../../catalogue/columns.js';
import { UNITS } from '../../catalogue/units.js';
import { expressionOf, filterCondition, joins } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { columnsRead, limitTo, metricColumn, orderBy, selectItems, type Page, type RowColumn } from './list.js';
import { liveRows, LOST_AFTER_MS, type Moment } from './live-rows.js';
import { ofRun, WHICH_RUN } from './runs-list.js';

/** The columns of a run that is queued or in flight now, in order; `elapsed` depends on the moment of asking. */
export const LIVE_COLUMNS: readonly RowColumn[] = [
  ...WHICH_RUN,
  { name: 'agent', type: 'text', ...column('r.agent') },
  { name: 'role', type: 'text', ...column('r.role') },
  { name: 'repo', type: 'text', ...REPO },
  { name: 'model', type: 'text', ...column('r.model') },
  { name: 'state', type: 'text', title: 'State', ...column('r.state') },
  { name: 'queued_at', type: 'time', title: 'Queued', ...column('r.queued_at') },
  { name: 'started_at', type: 'time', title: 'Started', ...column('r.started_at') },
  // since it started, else since it was queued
  { name: 'elapsed', type: 'number', title: 'Elapsed', unit: UNITS.ms, ticks: true, ...column('r.elapsed') },
  { name: 'last_heard_at', type: 'time', title: 'Last sign of life', ...column('r.heard_at'), isSet: true },
  { name: 'phase', type: 'text', title: 'Phase', sql: 'r.phase collate "C"', columns: ['r.phase'] },
  { name: 'activity', type: 'text', title: 'Activity', sql: 'r.activity collate "C"', columns: ['r.activity'] },
  { name: 'step', type: 'number', title: 'Step', unit: 'locale', ...column('r.step') },
  { name: 'steps', type: 'number', title: 'Of steps', unit: 'locale', ...column('r.steps') },
  metricColumn('total_tokens'),
  metricColumn('total_cost'),
  { name: 'context_use', type: 'number', title: 'Context use', unit: UNITS.ratio, ...column('r.context_use') },
  { name: 'url', type: 'text', title: 'Page', sql: 'r.url collate "C"', columns: ['r.url'] },
];

/** The joins and conditions of the filters, beside the columns that are read. */
function passing(
  { filters }: Pick<Rows, 'filters'>,
  columns: readonly Column[],
  draft: Draft,
): [joins: string[], where: string] {
  const read = filters.map((filter) => ({ filter, expression: expressionOf(filter.dimension, 'run') }));
  const conditions = read.map(({ filter, expression }) => filterCondition(filter, expression.sql, draft));
  return [
    joins([...columns, ...read.flatMap(({ expression }) => expression.columns)], 'r', draft),
    clause('where', ['r.org_id = $1', ...conditions], '\n  and '),
  ];
}

/** One page of the runs of now; `found` counts all of them. What is shown of each is looked up for those of the page alone. */
export function liveListStatement(orgId: string, rows: Pick<Rows, 'filters'>, page: Page, moment: Moment): Statement {
  const draft = new Draft(orgId);
  const open = liveRows(moment, draft);
  const [joined, where] = passing(rows, columnsRead([page.order], ofRun), draft);
  const order = orderBy(page, 'r.run_id', ofRun);
  const body = lines(
    clause('select\n ', [...selectItems(LIVE_COLUMNS, ofRun), 'page.found'], ',\n  '),
    'from (',
    '  select r.run_id, count(*) over () as found',
    lines(`from ${open}`, joined, where, order, limitTo(page, draft)).replace(/^/gm, '  '),
    ') page',
    `join ${open} on r.org_id = $1 and r.run_id = page.run_id`,
    joins(columnsRead(LIVE_COLUMNS, ofRun), 'r', draft),
    order,
  );
  return draft.statement(body, { plannedOnce: true });
}

/** More lost runs than this are not counted. */
export const MOST_LOST = 1_000;

/** How many runs are lost: nobody said that they ended, and they were not heard of for a day; `MOST_LOST` + 1 for more. */
export function lostRunsStatement(orgId: string, rows: Rows, { now }: Moment): Statement {
  const draft = new Draft(orgId);
  const before = draft.instant(now - LOST_AFTER_MS);
  const [joined, where] = passing(rows, [], draft);
  const open = ["r.status = 'IN_FLIGHT'", 'not r.hidden', `r.heard_at < ${before}`, STARTED];
  const body = lines(
    'select count(*)::int as lost',
    'from (',
    '  select',
    `  from ${draft.table('runs')} r`,
    joined,
    `${where}\n  and ${open.join('\n  and ')}`,
    `  limit ${MOST_LOST + 1}`,
    ') few',
  );
  return draft.statement(body, { plannedOnce: true });
}

const STARTED = '(r.started_at is not null or r.queued_at is not null)';
