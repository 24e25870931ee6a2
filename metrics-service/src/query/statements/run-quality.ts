import { runs, runsBase } from '../../catalogue/bases/runs.js';
import { allOf, type Expression } from '../../catalogue/columns.js';
import { expressionOf, filterCondition, notHidden, within } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { milliseconds } from './list.js';
import type { Rows } from '../rows.js';
import { runRows } from './run-measures.js';

const ENDED = runs.terminal_runs.where!;
const COST_KNOWN = runs.terminal_runs_with_cost.where!;
const WITHOUT_COST = allOf(ENDED, { sql: `(${COST_KNOWN.sql}) is not true`, columns: COST_KNOWN.columns });

/** The runs that started in the window and lack something: how many of each kind, and when the first of them started. */
export function runQualityStatement(orgId: string, rows: Rows, endedByMs: number): Statement {
  const draft = new Draft(orgId);
  const isOld: Expression = { sql: `r.started_at < ${draft.instant(endedByMs)}`, columns: ['r.started_at'] };
  const kinds: Readonly<Record<string, Expression>> = {
    runs_without_user: { sql: 'r.user_id is null', columns: ['r.user_id'] },
    runs_without_price: WITHOUT_COST,
    runs_without_end: allOf(runs.in_flight_runs.where!, isOld),
  };
  const ofFilters = rows.filters.map(({ dimension }) => expressionOf(dimension, 'run'));
  const columns = [...Object.values(kinds), ...ofFilters].flatMap((expression) => expression.columns);
  const selected = Object.entries(kinds).flatMap(([name, { sql }]) => [
    `count(*) filter (where ${sql}) as ${name}`,
    `${milliseconds(`min(r.started_at) filter (where ${sql})`)} as ${name}_since`,
  ]);
  return draft.statement(
    lines(
      clause('select\n ', selected, ',\n  '),
      runRows(runsBase, columns, draft),
      clause(
        'where',
        [
          'r.org_id = $1',
          notHidden('r'),
          ...within('r.started_at', rows.window, draft),
          ...rows.filters.map((filter, index) => filterCondition(filter, ofFilters[index]!.sql, draft)),
        ],
        '\n  and ',
      ),
    ),
  );
}
