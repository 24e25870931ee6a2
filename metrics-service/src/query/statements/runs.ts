import type { Base } from '../../catalogue/measure.js';
import { visible } from '../scope.js';
import { groupBy, groupColumn, isSliced, sliceColumn, sliceOf, spanOf, type Aggregation } from './aggregation.js';
import { Bindings, clause, columnOf, joins, lines, passes, within, type Statement } from './statement.js';

/** What the rows are: the runs, their parts by model, or their phases. */
const ROWS_OF: Record<Exclude<Base, 'sessions'>, string> = {
  runs: '',
  parts: 'join run_models p on p.org_id = $1 and p.run_id = r.run_id',
  phases: 'cross join lateral (select key as name, value::bigint as ms from jsonb_each_text(r.phase_ms)) ph',
};

/** `from …`: the rows of a base, with what the columns need beside them. */
export function runRows(base: Exclude<Base, 'sessions'>, columns: readonly string[]): string {
  return lines('from runs r', ROWS_OF[base], joins(columns, 'r'));
}

/** The measures of runs, parts or phases, in one statement. */
export function runsStatement(orgId: string, base: Exclude<Base, 'sessions'>, aggregation: Aggregation): Statement {
  const { groups, measures, rows, cut } = aggregation;
  const bindings = new Bindings(orgId);
  const columns = [...groups, ...rows.filters.map((filter) => filter.dimension)].map((one) => columnOf(one, 'run'));
  const slice = isSliced(cut) ? sliceOf('r.started_at', cut, bindings) : '';
  const sql = lines(
    clause(
      'select\n ',
      [
        ...groups.map((group) => `${columnOf(group, 'run')} as ${groupColumn(group)}`),
        ...(slice ? [sliceColumn(slice, cut)] : []),
        ...measures.map((measure) => `${measure.sql} as ${measure.name}`),
      ],
      ',\n  ',
    ),
    runRows(base, columns),
    clause(
      'where',
      [
        'r.org_id = $1',
        ...visible(rows.scope, 'r'),
        ...within('r.started_at', spanOf(cut), bindings),
        ...rows.filters.map((filter) => passes(filter, columnOf(filter.dimension, 'run'), bindings)),
      ],
      '\n  and ',
    ),
    groupBy(groups.map(groupColumn), slice, cut),
  );
  return { sql, values: bindings.values };
}
