import { escalationsBase } from '../../catalogue/bases/escalations.js';
import { personOf, REPO, WORK_ITEM, type Column } from '../../catalogue/columns.js';
import { UNITS } from '../../catalogue/units.js';
import { expressionOf, filterCondition, notHidden, within } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { SHOWN_NAME } from '../users.js';
import {
  afterId,
  columnsRead,
  limitTo,
  orderBy,
  selectItems,
  type MeasureOf,
  type Page,
  type RowColumn,
} from './list.js';
import { runRows } from './run-measures.js';

const PERSON = personOf('r.user_id');

/** The columns of an escalation's row, over `r`, it with what its run is, else its session. */
export const ESCALATION_COLUMNS: readonly RowColumn[] = [
  { name: 'escalation', type: 'text', title: 'Escalation', ...own('r.escalation_id') },
  { name: 'occurred_at', type: 'time', title: 'Time', ...own('r.started_at'), isSet: true },
  { name: 'resolved_at', type: 'time', title: 'Resolved', ...own('r.resolved_at') },
  {
    name: 'time_to_resolve',
    type: 'number',
    title: 'Time to resolve',
    unit: UNITS.ms,
    ...own('case when r.resolved_at >= r.started_at then extract(epoch from r.resolved_at - r.started_at) * 1000 end'),
  },
  { name: 'severity', type: 'text', ...own('r.severity') },
  { name: 'escalation_category', type: 'text', ...own('r.category') },
  { name: 'agent', type: 'text', ...own('r.agent') },
  { name: 'work_item', type: 'text', ...WORK_ITEM },
  { name: 'session', type: 'text', ...own('r.session_id') },
  { name: 'run', type: 'text', title: 'Run', ...own('r.run_id') },
  {
    name: 'user',
    type: 'text',
    sql: `coalesce(${SHOWN_NAME.sql}, ${PERSON.sql}) collate "C"`,
    columns: [...SHOWN_NAME.columns, ...PERSON.columns],
  },
  { name: 'user_id', type: 'text', title: 'User id', ...PERSON },
  { name: 'repo', type: 'text', ...REPO },
];

function own(sql: string): { sql: string; columns: Column[] } {
  return { sql, columns: [] };
}

const noMeasure: MeasureOf = ({ name }) => {
  throw new Error(`an escalation has no ${name}`);
};

/** One page of the escalations of the window; `found` counts all of them. */
export function escalationsListStatement(orgId: string, rows: Rows, page: Page): Statement {
  const draft = new Draft(orgId);
  const filters = rows.filters.map((filter) => ({ filter, expression: expressionOf(filter.dimension, 'run') }));
  const columns = [
    ...columnsRead(ESCALATION_COLUMNS, noMeasure),
    ...filters.flatMap(({ expression }) => expression.columns),
  ];
  const body = lines(
    clause('select\n ', [...selectItems(ESCALATION_COLUMNS, noMeasure), 'count(*) over () as found'], ',\n  '),
    runRows(escalationsBase, columns, draft),
    clause(
      'where',
      [
        'r.org_id = $1',
        notHidden('r'),
        ...within('r.started_at', rows.window, draft),
        ...filters.map(({ filter, expression }) => filterCondition(filter, expression.sql, draft)),
        ...afterId('r.escalation_id', page, draft),
      ],
      '\n  and ',
    ),
    orderBy(page, 'r.escalation_id', noMeasure),
    limitTo(page, draft),
  );
  return draft.statement(body);
}
