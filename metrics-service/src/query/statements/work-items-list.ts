import { runsOfItem } from '../../catalogue/bases/closed-items.js';
import { escalationsBase } from '../../catalogue/bases/escalations.js';
import { runsBase } from '../../catalogue/bases/runs.js';
import { column, WORK_ITEM, type Expression } from '../../catalogue/columns.js';
import type { Measure } from '../../catalogue/measure.js';
import { UNITS } from '../../catalogue/units.js';
import { BANDS } from '../../contract/cost-bands.js';
import { aggregateOf } from '../../catalogue/aggregates.js';
import { expressionOf, notHidden, within } from '../sql/conditions.js';
import { runConditions } from '../sql/run-filters.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { afterId, limitTo, metricColumn, orderBy, selectItems, type Page, type RowColumn } from './list.js';
import { runRows } from './run-measures.js';

const IS_CLOSED = `wi.state = 'closed'`;
const TIME_TO_CLOSE = `case
    when ${IS_CLOSED} and life.first_started_at < wi.closed_at
      then (extract(epoch from wi.closed_at - life.first_started_at) * 1000)::bigint
  end`;

/** A text of the work item, compared as bytes. */
function ofItem(name: string): Expression {
  return { sql: `wi.${name} collate "C"`, columns: [] };
}

/** The columns of a work item's row, over `a`, its runs in the window, and `wi`, what is known of it. */
export const WORK_ITEM_COLUMNS: readonly RowColumn[] = [
  { name: 'work_item', type: 'text', ...column('a.work_item_id') },
  { name: 'title', type: 'text', title: 'Title', ...ofItem('title') },
  { name: 'url', type: 'text', title: 'Page', ...ofItem('url') },
  { name: 'type', type: 'text', title: 'Type', ...ofItem('type') },
  { name: 'project', type: 'text', ...ofItem('project') },
  { name: 'epic', type: 'text', ...ofItem('epic_id') },
  { name: 'state', type: 'text', title: 'State', sql: `coalesce(wi.state, 'open')`, columns: [] },
  { name: 'models', type: 'text', title: 'Models', sql: 'a.models', columns: [] },
  { name: 'last_run_at', type: 'time', title: 'Last run', sql: 'a.last_run_at', columns: [], isSet: true },
  { name: 'sessions', type: 'number', title: 'Sessions', unit: UNITS.sessions, sql: 'a.sessions', columns: [] },
  metricColumn('runs'),
  metricColumn('total_tokens'),
  metricColumn('total_cost'),
  { name: 'cost_band', type: 'text', title: 'Cost band', sql: bandOf('a.cost_nanos'), columns: [] },
  { name: 'first_run_at', type: 'time', title: 'First run', sql: 'life.first_started_at', columns: [] },
  {
    name: 'closed_at',
    type: 'time',
    title: 'Closed',
    sql: `case when ${IS_CLOSED} then wi.closed_at end`,
    columns: [],
  },
  { name: 'time_to_close', type: 'number', title: 'Time to close', unit: UNITS.ms, sql: TIME_TO_CLOSE, columns: [] },
  { name: 'quality', type: 'text', title: 'Quality', ...ofItem('quality') },
  {
    name: 'escalations',
    type: 'number',
    title: 'Escalations',
    unit: UNITS.escalations,
    sql: 'coalesce(x.escalations, 0)',
    columns: [],
  },
];

function bandOf(nanos: string): string {
  const bands = BANDS.map(({ name, belowUsd }) =>
    belowUsd === null ? `else '${name}'` : `when ${nanos} < ${BigInt(belowUsd) * 1_000_000_000n} then '${name}'`,
  );
  return `case when ${nanos} is null then null ${bands.join(' ')} end`;
}

function ofRuns({ name }: Measure): Expression {
  return { sql: `a.${name}`, columns: [] };
}

const MEASURES = [...new Set(WORK_ITEM_COLUMNS.flatMap((one) => ('formula' in one ? one.formula.measures : [])))];

/** One page of the work items that runs in the window are about; `found` counts all of them. */
export function workItemsListStatement(orgId: string, rows: Rows, page: Page): Statement {
  const draft = new Draft(orgId);
  const ofFilters = rows.filters.flatMap(({ dimension }) => expressionOf(dimension, 'run').columns);
  const inWindow = ['r.org_id = $1', notHidden('r'), ...within('r.started_at', rows.window, draft)];
  const items = lines(
    clause(
      'select\n ',
      [
        `${WORK_ITEM.sql} as work_item_id`,
        'count(distinct r.session_id) as sessions',
        `string_agg(distinct r.model, ', ' order by r.model) collate "C" as models`,
        'max(r.started_at) as last_run_at',
        ...MEASURES.map((measure) => `${aggregateOf(measure)} as ${measure.name}`),
      ],
      ',\n  ',
    ),
    runRows(runsBase, [...WORK_ITEM.columns, ...ofFilters], draft),
    clause('where', [...inWindow, `${WORK_ITEM.sql} is not null`, ...runConditions(rows.filters, draft)], '\n  and '),
    'group by 1',
  );
  const escalations = lines(
    `select ${WORK_ITEM.sql} as work_item_id, count(*) as escalations`,
    runRows(escalationsBase, WORK_ITEM.columns, draft),
    clause('where', inWindow, '\n  and '),
    'group by 1',
  );
  const known = [
    `left join ${draft.table('work_items')} wi on wi.org_id = $1 and wi.work_item_id = a.work_item_id`,
    'left join escalations_of_items x on x.work_item_id = a.work_item_id',
  ];
  const inOrder = orderBy(page, 'a.work_item_id', ofRuns);
  // to look into the whole life of every item takes long: of those of the page only, unless they are ordered by it
  const isByLife = 'sql' in page.order && page.order.sql.includes('life.');
  const limit = limitTo(page, draft);
  const chosen = lines(
    'select a.*, count(*) over () as found',
    'from items a',
    ...known,
    clause('where', afterId('a.work_item_id', page, draft), '\n  and '),
    ...(isByLife ? [] : [inOrder, limit]),
  );
  const body = lines(
    clause('select\n ', [...selectItems(WORK_ITEM_COLUMNS, ofRuns), 'a.found'], ',\n  '),
    'from chosen a',
    ...known,
    'cross join lateral (',
    '  select min(i.started_at) as first_started_at',
    `  from (${runsOfItem(draft.table, 'a.work_item_id')}`,
    '  ) i',
    ') life',
    inOrder,
    isByLife ? limit : '',
  );
  return draft.statement({
    with: [
      { name: 'items', sql: items },
      { name: 'escalations_of_items', sql: escalations },
      { name: 'chosen', sql: chosen },
    ],
    body,
  });
}
