import type { ViewerScope } from '../../access/viewer-scope.js';
import { columnsOf } from '../../catalogue/measure.js';
import { isSliced } from '../cut.js';
import { expressionOf, filterCondition, joins } from '../sql/conditions.js';
import { visibleUsers } from '../sql/row-scope.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import { groupColumn, remains, selectClause, selectPerWindow, type Aggregation } from './aggregation.js';

/** The measures of the persons known as of now, in one statement: who ran, per slice, then per group. */
export function peopleMeasuresStatement(orgId: string, aggregation: Aggregation): Statement {
  const draft = new Draft(orgId);
  const { scope } = aggregation.rows;
  const { body } = selectPerWindow(aggregation, (part, slice) => ({ with: [], body: select(part, slice, draft) }));
  return draft.statement({ with: [{ name: 'known', sql: knownPersons(scope, draft) }], body });
}

/** Each person with a record, or named by a run or a session. */
function knownPersons(scope: ViewerScope, draft: Draft): string {
  return lines(
    'select distinct coalesce(pe.person_id, named.user_id) as person_id',
    'from (',
    `  select user_id from ${draft.table(visibleUsers(scope))} where org_id = $1`,
    '  union',
    `  select user_id from ${draft.table('runs')} where org_id = $1 and not hidden`,
    '  union',
    `  select created_by_user_id from ${draft.table('sessions')} where org_id = $1 and not hidden`,
    ') named',
    `left join ${draft.table('persons')} pe on pe.org_id = $1 and pe.user_id = named.user_id`,
    'where named.user_id is not null',
  );
}

function select(aggregation: Aggregation, givenSlice: string | null, draft: Draft): string {
  const { groups, measures, rows, cut, leftOut } = aggregation;
  const expressions = [...groups, ...rows.filters.map(({ dimension }) => dimension)].map((dimension) =>
    expressionOf(dimension, 'run'),
  );
  const ofLeftOut = leftOut?.groups.map((group) => expressionOf(group, 'run')) ?? [];
  const columns = [...[...expressions, ...ofLeftOut].flatMap((one) => one.columns), ...measures.flatMap(columnsOf)];
  const slice = isSliced(cut) ? ['r.slice'] : [];
  const from = draft.instants(cut.slices.map((window) => window.from));
  const to = draft.instants(cut.slices.map((window) => window.to));
  const before = draft.instants(cut.slices.map((window) => 2 * window.from - window.to));
  return lines(
    selectClause(aggregation, expressions, [slice, givenSlice ?? []].flat()),
    'from (',
    // with the columns of runs that dimensions read
    '  select known.person_id as user_id, w.slice, ran.is_active, not ran.is_active as is_quiet',
    '  from known',
    `  cross join unnest(${from}, ${to}, ${before}) with ordinality w(since, until, before, slice)`,
    '  left join (',
    '    select coalesce(pe.person_id, one.user_id) as person_id, s.slice, bool_or(one.is_active) as is_active',
    `    from unnest(${from}, ${to}, ${before}) with ordinality s(since, until, before, slice)`,
    '    cross join lateral (',
    '      select user_id, bool_or(started_at >= s.since) as is_active',
    `      from ${draft.table('runs')}`,
    '      where org_id = $1 and not hidden and started_at >= s.before and started_at < s.until',
    '      group by user_id',
    '    ) one',
    `    left join ${draft.table('persons')} pe on pe.org_id = $1 and pe.user_id = one.user_id`,
    '    group by 1, 2',
    '  ) ran on ran.person_id = known.person_id and ran.slice = w.slice',
    ') r',
    joins([...columns, 'u.kind'], 'r', draft),
    clause(
      'where',
      [
        "u.kind is distinct from 'service'",
        ...rows.filters.map((filter) => filterCondition(filter, expressionOf(filter.dimension, 'run').sql, draft)),
        ...(leftOut ? [remains(leftOut, 'run', slice[0] ?? null, draft)] : []),
      ],
      '\n  and ',
    ),
    clause('group by', [...groups.map(groupColumn), ...slice], ', '),
  );
}
