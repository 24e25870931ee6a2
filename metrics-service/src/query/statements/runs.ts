import type { Base, Measure } from '../../catalogue/measure.js';
import {
  groupBy,
  groupColumn,
  isSliced,
  selectPerWindow,
  sliceColumn,
  sliceOf,
  spanOf,
  type Aggregation,
} from './aggregation.js';
import { Bindings, clause, columnOf, joins, kept, lines, passes, within, type Statement } from './statement.js';

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
  const bindings = new Bindings(orgId);
  const sql = selectPerWindow(aggregation, (part, slice) => {
    const [distinct, ...others] = part.measures.filter(({ kind }) => kind === 'distinct');
    const adds = others.length === 0 && part.measures.every(({ kind }) => kind !== 'real');
    return distinct && adds
      ? selectByDistinct(distinct, base, part, slice, bindings)
      : selectRuns(base, part, [slice ?? [], part.measures.map(aggregate)].flat(), null, bindings);
  });
  return { sql, values: bindings.values };
}

function aggregate({ name, kind, sql }: Measure): string {
  return `${kind === 'distinct' ? `count(distinct ${sql})` : sql} as ${name}`;
}

/**
 * Sums per distinct value, then over these, which can be hashed where `count(distinct)` has to sort. Percentiles do
 * not add up like that.
 */
function selectByDistinct(
  distinct: Measure,
  base: Exclude<Base, 'sessions'>,
  aggregation: Aggregation,
  givenSlice: string | null,
  bindings: Bindings,
): string {
  const { groups, measures, cut } = aggregation;
  const keys = [...groups.map(groupColumn), ...(isSliced(cut) ? ['slice'] : [])];
  const sums = measures.map(({ name }) => `${name === distinct.name ? 'count' : 'sum'}(${name}) as ${name}`);
  const inner = measures.filter((measure) => measure !== distinct).map(aggregate);
  return lines(
    clause('select\n ', [keys, givenSlice ?? [], sums].flat(), ',\n  '),
    'from (',
    selectRuns(base, aggregation, inner, distinct, bindings),
    ') per_value',
    clause('group by', keys, ', '),
  );
}

/** The values per group and slice, and per value of `distinct` where it is given. */
function selectRuns(
  base: Exclude<Base, 'sessions'>,
  { groups, rows, cut }: Aggregation,
  values: readonly string[],
  distinct: Measure | null,
  bindings: Bindings,
): string {
  const columns = [...groups, ...rows.filters.map((filter) => filter.dimension)].map((one) => columnOf(one, 'run'));
  const slice = isSliced(cut) ? sliceOf('r.started_at', cut, bindings) : null;
  return lines(
    clause(
      'select\n ',
      [
        groups.map((group) => `${columnOf(group, 'run')} as ${groupColumn(group)}`),
        slice ? sliceColumn(slice, cut) : [],
        distinct ? `${distinct.sql} as ${distinct.name}` : [],
        values,
      ].flat(),
      ',\n  ',
    ),
    runRows(base, columns),
    clause(
      'where',
      [
        'r.org_id = $1',
        kept('r'),
        ...within('r.started_at', spanOf(cut), bindings),
        ...rows.filters.map((filter) => passes(filter, columnOf(filter.dimension, 'run'), bindings)),
      ],
      '\n  and ',
    ),
    groupBy([...groups.map(groupColumn), ...(distinct ? [distinct.sql] : [])], slice, cut),
  );
}
