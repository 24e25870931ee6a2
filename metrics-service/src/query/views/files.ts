import { FILE_COLUMNS, filesListStatement } from '../statements/files-list.js';
import { listView } from './list-view.js';
import { checkToolCallFilters, TOOL_CALL_FILTERS } from './tool-calls.js';

/** What the tool calls of the window did to files, a row per session and file. */
export const files = listView({
  name: 'files',
  what: 'file',
  title: 'Files list',
  columns: FILE_COLUMNS,
  by: 'changed_at',
  hasNoId: true,
  filters: TOOL_CALL_FILTERS,
  check: checkToolCallFilters,
  statement: filesListStatement,
});
