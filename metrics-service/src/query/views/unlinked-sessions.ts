import activeSessions from '../../catalogue/metrics/active_sessions.js';
import { findDimension, takes } from '../../catalogue/index.js';
import { foundSessions } from '../found-sessions.js';
import { checkTakes } from '../plan.js';
import type { Rows } from '../rows.js';
import type { RowColumn } from '../statements/list.js';
import { SESSION_COLUMNS, sessionsListStatement } from '../statements/sessions-list.js';
import { listView } from './list-view.js';

const SHOWN = ['session', 'user', 'user_id', 'repo', 'last_active_at', 'runs', 'total_cost'];

const COLUMNS: readonly RowColumn[] = [
  ...SESSION_COLUMNS.filter(({ name }) => SHOWN.includes(name)),
  { name: 'branch', type: 'text', title: 'Branch', sql: 's.branch collate "C"', columns: ['s.branch'] },
  {
    name: 'command',
    type: 'text',
    title: 'Link it',
    sql: 'a.session_id',
    columns: [],
    read: ({ command: session }) => `runboard work-item link ${quoted(String(session))} ITEM`,
  },
];

const WITHOUT = { dimension: findDimension('work_item')!, values: [], none: true, negated: false } as const;

function unlinked(rows: Rows): Rows {
  return { ...rows, filters: [...rows.filters, WITHOUT] };
}

/** The sessions with runs in the window that are about no work item, each with the command that links it. */
export const unlinkedSessions = listView({
  name: 'unlinked_sessions',
  what: 'session without a work item',
  title: 'Sessions without a work item',
  columns: COLUMNS,
  by: 'total_cost',
  filters: takes(activeSessions).filters,
  check: (filters) => checkTakes(activeSessions, [], filters),
  quickPage: (context, rows, page) => foundSessions(context, unlinked(rows), page, COLUMNS),
  statement: (orgId, rows, page) => sessionsListStatement(orgId, unlinked(rows), page, COLUMNS),
});

/** As one word for a shell, whatever an id holds: it is pasted. */
function quoted(text: string): string {
  const word = /^[\w.:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
  return text.startsWith('-') ? `-- ${word}` : word;
}
