import { activity } from './activity.js';
import { groupColumn, isSliced, selectPerWindow, type Aggregation } from './aggregation.js';
import { Bindings, clause, columnOf, joins, lines, type Statement } from './statement.js';

/** The measures of active sessions, in one statement: activity per session, then per group. */
export function sessionsStatement(orgId: string, aggregation: Aggregation): Statement {
  const bindings = new Bindings(orgId);
  const sql = selectPerWindow(aggregation, (part, slice) => selectSessions(part, slice, bindings));
  return { sql, values: bindings.values };
}

function selectSessions(
  { groups, measures, rows, cut }: Aggregation,
  givenSlice: string | null,
  bindings: Bindings,
): string {
  const groupColumns = groups.map((group) => columnOf(group, 'session'));
  const measured = measures.map((measure) => `${measure.sql} as ${measure.name}`);
  const active = activity(rows, cut, measured, bindings);
  const slice = isSliced(cut) ? ['a.slice'] : [];
  return lines(
    active.sql,
    clause(
      'select\n ',
      [
        ...groups.map((group) => `${columnOf(group, 'session')} as ${groupColumn(group)}`),
        ...slice,
        givenSlice ?? [],
        ...measured,
      ].flat(),
      ',\n  ',
    ),
    'from active a',
    joins([...groupColumns, ...active.columns, ...columnsIn(measured)], 'a'),
    clause('where', active.conditions, '\n  and '),
    clause('group by', [...groups.map(groupColumn), ...slice], ', '),
  );
}

/** The columns of the session that measures name. */
function columnsIn(measured: readonly string[]): string[] {
  return measured.flatMap((sql) => sql.match(/\bs\.\w+/g) ?? []);
}
