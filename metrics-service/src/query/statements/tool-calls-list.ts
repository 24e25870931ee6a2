import { toolCallsBase } from '../../catalogue/bases/tool-calls.js';
import type { Column } from '../../catalogue/columns.js';
import { UNITS } from '../../catalogue/units.js';
import { expressionOf, notHidden, within } from '../sql/conditions.js';
import { runConditions } from '../sql/run-filters.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { afterId, limitTo, orderBy, selectItems, type MeasureOf, type Page, type RowColumn } from './list.js';
import { runRows } from './run-measures.js';

/** The columns of a tool call's row, over `r`. */
export const TOOL_CALL_COLUMNS: readonly RowColumn[] = [
  { name: 'tool_call', type: 'text', title: 'Tool call', ...own('r.tool_call_id') },
  { name: 'run', type: 'text', title: 'Run', ...own('r.run_id') },
  { name: 'session', type: 'text', ...own('r.session_id') },
  { name: 'tool', type: 'text', ...own('r.tool') },
  { name: 'started_at', type: 'time', title: 'Started', ...own('r.started_at'), isSet: true },
  { name: 'duration', type: 'number', title: 'Duration', unit: UNITS.ms, ...own('r.tool_ms') },
  { name: 'await', type: 'number', title: 'Waited for a person', unit: UNITS.ms, ...own('r.waited_ms') },
  { name: 'status', type: 'text', title: 'Status', ...own('r.outcome') },
  { name: 'error_type', type: 'text', title: 'Error type', ...own('r.error_type') },
  { name: 'input_bytes', type: 'number', title: 'Input', unit: 'bytes', ...own('r.input_bytes') },
  { name: 'output_bytes', type: 'number', title: 'Output', unit: 'bytes', ...own('r.output_bytes') },
];

function own(sql: Column): { sql: string; columns: Column[] } {
  return { sql, columns: [] };
}

const noMeasure: MeasureOf = ({ name }) => {
  throw new Error(`a tool call has no ${name}`);
};

/** `from` and `where` of the tool calls that started in the window and pass the filters. */
export function passingToolCalls(rows: Rows, draft: Draft): { from: string; conditions: string[] } {
  return {
    from: runRows(
      toolCallsBase,
      rows.filters.flatMap(({ dimension }) => expressionOf(dimension, 'run').columns),
      draft,
    ),
    conditions: [
      'r.org_id = $1',
      notHidden('r'),
      ...within('r.started_at', rows.window, draft),
      ...runConditions(rows.filters, draft, toolCallsBase),
    ],
  };
}

/** One page of the tool calls; `found` counts all of them. */
export function toolCallsListStatement(orgId: string, rows: Rows, page: Page): Statement {
  const draft = new Draft(orgId);
  const { from, conditions } = passingToolCalls(rows, draft);
  const body = lines(
    clause('select\n ', [...selectItems(TOOL_CALL_COLUMNS, noMeasure), 'count(*) over () as found'], ',\n  '),
    from,
    clause('where', [...conditions, ...afterId('r.tool_call_id', page, draft)], '\n  and '),
    orderBy(page, 'r.tool_call_id', noMeasure),
    limitTo(page, draft),
  );
  return draft.statement(body);
}
