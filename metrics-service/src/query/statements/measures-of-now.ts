import { aggregateOf } from '../../catalogue/aggregates.js';
import { columnsOf, type Measure } from '../../catalogue/measure.js';
import { expressionOf, filterCondition, joins } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { groupColumn, remains, selectClause, type Aggregation } from './aggregation.js';

/**
 * Rows that look like runs, `r`, whatever the window; groups in which none of `having` is left are none. `plannedOnce`: an index
 * has these rows and few others.
 */
export interface RowsOfNow {
  readonly from: (draft: Draft) => string;
  readonly having?: Measure;
  readonly plannedOnce?: true;
}

/** The measures of such rows. */
export function measuresOfNowStatement(
  orgId: string,
  { from, having, plannedOnce }: RowsOfNow,
  aggregation: Aggregation,
): Statement {
  const { groups, measures, rows, leftOut } = aggregation;
  const draft = new Draft(orgId);
  const expressions = groups.map((group) => expressionOf(group, 'run'));
  const others = [...(leftOut?.groups ?? []), ...rows.filters.map(({ dimension }) => dimension)];
  const columns = [
    ...[...expressions, ...others.map((dimension) => expressionOf(dimension, 'run'))].flatMap((one) => one.columns),
    ...measures.flatMap(columnsOf),
  ];
  const body = lines(
    selectClause(aggregation, expressions, []),
    `from ${from(draft)}`,
    joins(columns, 'r', draft),
    clause(
      'where',
      [
        'r.org_id = $1',
        ...rows.filters.map((filter) => filterCondition(filter, expressionOf(filter.dimension, 'run').sql, draft)),
        ...(leftOut ? [remains(leftOut, 'run', null, draft)] : []),
      ],
      '\n  and ',
    ),
    clause('group by', groups.map(groupColumn), ', '),
    having ? `having ${aggregateOf(having)} > 0` : '',
  );
  return draft.statement(body, { plannedOnce });
}
