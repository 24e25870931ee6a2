import type { Column } from '../../catalogue/columns.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { limitTo, orderBy, selectItems, type MeasureOf, type Page, type RowColumn } from './list.js';
import { passingToolCalls } from './tool-calls-list.js';

/** The columns of a file's row, over `f`: what tool calls did to it in a session. */
export const FILE_COLUMNS: readonly RowColumn[] = [
  { name: 'session', type: 'text', ...own('session_id') },
  { name: 'path', type: 'text', title: 'Path', ...own('path') },
  { name: 'operation', type: 'text', title: 'Operations', ...own('operations') },
  { name: 'lines_added', type: 'number', ...own('lines_added') },
  { name: 'lines_deleted', type: 'number', ...own('lines_deleted') },
  { name: 'changed_at', type: 'time', title: 'Last change', ...own('changed_at') },
];

function own(name: string): { sql: string; columns: Column[] } {
  return { sql: `f.${name}`, columns: [] };
}

const noMeasure: MeasureOf = ({ name }) => {
  throw new Error(`a file has no ${name}`);
};

/** One page of the files that the tool calls of the window touched, one row per session and path; `found` counts all of them. */
export function filesListStatement(orgId: string, rows: Rows, page: Page): Statement {
  const draft = new Draft(orgId);
  const { from, conditions } = passingToolCalls(rows, draft);
  const files = lines(
    'select',
    '  r.session_id,',
    `  (file.item ->> 'path') collate "C" as path,`,
    `  string_agg(distinct file.item ->> 'operation', ', ' order by file.item ->> 'operation') collate "C" as operations,`,
    `  sum((file.item ->> 'linesAdded')::bigint) as lines_added,`,
    `  sum((file.item ->> 'linesDeleted')::bigint) as lines_deleted,`,
    `  max(coalesce(r.completed_at, r.started_at)) filter (where file.item ->> 'operation' <> 'read') as changed_at`,
    from,
    'cross join lateral jsonb_array_elements(r.files) as file (item)',
    clause('where', [...conditions, 'r.files is not null'], '\n  and '),
    'group by 1, 2',
  );
  const body = lines(
    clause('select\n ', [...selectItems(FILE_COLUMNS, noMeasure), 'count(*) over () as found'], ',\n  '),
    'from files f',
    orderBy(page, 'f.session_id, f.path', noMeasure),
    limitTo(page, draft),
  );
  return draft.statement({ with: [{ name: 'files', sql: files }], body });
}
