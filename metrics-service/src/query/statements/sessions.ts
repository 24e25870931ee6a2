import { activity } from './activity.js';
import { groupColumn, isSliced, type Aggregation } from './aggregation.js';
import { Bindings, clause, columnOf, joins, lines, type Statement } from './statement.js';

/** The measures of active sessions, in one statement: activity per session, then per group. */
export function sessionsStatement(orgId: string, { groups, measures, rows, cut }: Aggregation): Statement {
  const bindings = new Bindings(orgId);
  const groupColumns = groups.map((group) => columnOf(group, 'session'));
  const active = activity(
    rows,
    cut,
    measures.map((measure) => measure.sql),
    bindings,
  );
  const slice = isSliced(cut) ? ['a.slice'] : [];
  const sql = lines(
    active.sql,
    clause(
      'select\n ',
      [
        ...groups.map((group) => `${columnOf(group, 'session')} as ${groupColumn(group)}`),
        ...slice,
        ...measures.map((measure) => `${measure.sql} as ${measure.name}`),
      ],
      ',\n  ',
    ),
    'from active a',
    joins([...groupColumns, ...active.columns], 'a'),
    clause('where', active.conditions, '\n  and '),
    clause('group by', [...groups.map(groupColumn), ...slice], ', '),
  );
  return { sql, values: bindings.values };
}
