import { takes, type DimensionName } from '../../catalogue/index.js';
import toolCallsMetric from '../../catalogue/metrics/tool_calls.js';
import type { Filter } from '../filters.js';
import { checkTakes } from '../plan.js';
import { TOOL_CALL_COLUMNS, toolCallsListStatement } from '../statements/tool-calls-list.js';
import { listView } from './list-view.js';

/** The filters of tool metrics, and the single run. */
export const TOOL_CALL_FILTERS: readonly DimensionName[] = [...takes(toolCallsMetric).filters, 'run'];

/** Refuses filters that tool calls do not support. */
export function checkToolCallFilters(filters: readonly Filter[]): void {
  checkTakes(
    toolCallsMetric,
    [],
    filters.filter(({ dimension }) => !dimension.ofLists),
  );
}

/** The tool calls that started in the window, one row each. */
export const toolCalls = listView({
  name: 'tool_calls',
  what: 'tool call',
  title: 'Tool calls list',
  columns: TOOL_CALL_COLUMNS,
  by: 'started_at',
  filters: TOOL_CALL_FILTERS,
  check: checkToolCallFilters,
  statement: toolCallsListStatement,
});
