import { columnsOf } from '../../catalogue/measure.js';
import { expressionOf, filterCondition, joins } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { groupColumn, remains, selectClause, type Aggregation } from './aggregation.js';
import { liveRows, type Moment } from './live-rows.js';

/** The measures of the runs queued or in flight now, whatever the window. */
export function liveMeasuresStatement(orgId: string, moment: Moment, aggregation: Aggregation): Statement {
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
    `from ${liveRows(moment, draft)}`,
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
  );
  return draft.statement(body);
}
