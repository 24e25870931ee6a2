import { UNITS } from '../../catalogue/units.js';
import { joinPerson, notHidden, within } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement, type TableExpression } from '../sql/statement.js';
import { SHOWN_NAME } from '../users.js';
import { limitTo, orderBy, selectItems, type MeasureOf, type Page, type RowColumn } from './list.js';
import { passingSessions } from './passing-sessions.js';
import type { Rows } from '../rows.js';

/** The columns of a handoff's row, in order; `u` is its user, `n` the runs within X, `f` the first run after it. */
export const HANDOFF_COLUMNS: readonly RowColumn[] = [
  { name: 'occurred_at', type: 'time', title: 'Time', ...own('h.occurred_at'), isSet: true },
  { name: 'method', type: 'text', title: 'Method', ...own('h.method collate "C"') },
  { name: 'user', type: 'text', ...own(`coalesce(${SHOWN_NAME.sql}, pe.person_id, h.user_id) collate "C"`) },
  { name: 'user_id', type: 'text', title: 'User id', ...own('coalesce(pe.person_id, h.user_id)') },
  { name: 'runs_after', type: 'number', title: 'Runs after', unit: 'locale', ...own('n.runs') },
  {
    name: 'first_run_after',
    type: 'number',
    title: 'First run after',
    unit: UNITS.ms,
    ...own('extract(epoch from f.started_at - h.occurred_at) * 1000'),
  },
  { name: 'first_run_status', type: 'text', title: 'Status of the first run', ...own('f.status') },
];

/** Over tables that the statement reads anyway. */
function own(sql: string) {
  return { sql, columns: [] };
}

const noMeasure: MeasureOf = ({ name }) => {
  throw new Error(`a handoff has no ${name}`);
};

/** The table expressions and conditions for handoffs in the window whose session passes the filters. */
export function handoffsThatPass(
  rows: Rows,
  draft: Draft,
): { with: readonly TableExpression[]; conditions: readonly string[] } {
  const sessions = passingSessions(rows, 'h.session_id', draft);
  return {
    with: sessions.with,
    conditions: [
      'h.org_id = $1',
      notHidden('h'),
      ...within('h.occurred_at', rows.window, draft),
      ...sessions.conditions,
    ],
  };
}

/** One page of handoffs with the runs that followed, possibly after the window; `found` counts all handoffs. */
export function handoffsListStatement(orgId: string, rows: Rows, page: Page): Statement {
  const draft = new Draft(orgId);
  const passing = handoffsThatPass(rows, draft);
  const where = clause('where', passing.conditions, '\n  and ');
  const [handoffs, runs] = [`from ${draft.table('handoffs')} h`, `from ${draft.table('runs')} r`];
  const count = lines('select count(*)', handoffs, where).replace(/^/gm, '  ');
  const followed = clause(
    'where',
    ['r.org_id = $1', 'r.session_id = h.session_id', notHidden('r'), 'r.started_at > h.occurred_at'],
    '\n    and ',
  );
  const limit = `${draft.bind(rows.postHandoffMs, 'bigint')} * interval '1 millisecond'`;
  const body = lines(
    clause('select\n ', [...selectItems(HANDOFF_COLUMNS, noMeasure), `(\n${count}\n  ) as found`], ',\n  '),
    handoffs,
    joinPerson('h.user_id', draft),
    'cross join lateral (',
    '  select count(*) as runs',
    `  ${runs}`,
    `  ${followed}`,
    `    and r.started_at <= h.occurred_at + ${limit}`,
    ') n',
    'left join lateral (',
    '  select r.started_at, r.status',
    `  ${runs}`,
    `  ${followed}`,
    '  order by r.started_at, r.run_id',
    '  limit 1',
    ') f on true',
    where,
    orderBy(page, 'h.handoff_id', noMeasure),
    limitTo(page, draft),
  );
  return draft.statement({ with: passing.with, body });
}
