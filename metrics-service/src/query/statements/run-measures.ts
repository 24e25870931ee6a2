import type { Base } from '../../catalogue/bases/base.js';
import { aliasOf, type Column } from '../../catalogue/columns.js';
import { columnsOf, isAdditive, type Measure } from '../../catalogue/measure.js';
import { offsetsIn, type Window } from '../buckets.js';
import { aggregateOf, aggregateOfParts } from '../../catalogue/aggregates.js';
import { expressionOf, joins, notHidden, within } from '../sql/conditions.js';
import { runConditions } from '../sql/run-filters.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import {
  groupBy,
  groupColumn,
  remains,
  selectPerWindow,
  sliceColumn,
  sliceOf,
  type Aggregation,
} from './aggregation.js';
import { isSliced, spanOf, type Cut } from '../cut.js';

/** `from …`: the rows of a base of runs, with the joins that the columns need. */
export function runRows({ from, join }: Base, columns: readonly Column[], draft: Draft): string {
  return lines(
    from ? `from ${from(draft.table)}` : `from ${draft.table('runs')} r`,
    join ? join(draft.table) : '',
    joins(columns, 'r', draft),
  );
}

/** Joins what the local clock showed when the run started, `ck.local`; the zone's offsets are those that cut buckets. */
function joinClock(window: Window, zone: string, draft: Draft): string {
  const offsets = offsetsIn(window, zone);
  const since = draft.instants(offsets.map(({ from }) => from));
  const ms = draft.bind(
    offsets.map(({ offsetMs }) => offsetMs),
    'integer[]',
  );
  return lines(
    'cross join lateral (',
    `  select r.started_at at time zone 'UTC' + (${ms})[width_bucket(r.started_at, ${since})] * interval '1 millisecond' as local`,
    ') ck',
  );
}

/** Condition: the first run ever, at `at`, lies in the slice of the window that the run lies in. */
function isHere(at: string, cut: Cut, draft: Draft): string {
  return isSliced(cut)
    ? `${sliceOf(at, cut, draft)} = ${sliceOf('r.started_at', cut, draft)}`
    : `${at} >= ${draft.instant(spanOf(cut).from)}`;
}

/** Joins `fr`: the run's agent, if its first run ever lies in the slice of the window that the run lies in. */
function joinFirstOfAgent(cut: Cut, draft: Draft): string {
  const condition = isHere('fr.at', cut, draft);
  return lines(
    'left join (',
    '  select f.agent, min(f.started_at) as at',
    `  from ${draft.table('runs')} f`,
    `  where f.org_id = $1 and not f.hidden and f.agent is not null and f.started_at < ${draft.instant(spanOf(cut).to)}`,
    '  group by f.agent',
    `) fr on fr.agent = r.agent and ${condition}`,
  );
}

/** Joins `fp`: the person of the run's user, in the same way; its first run may be one under another id. */
function joinFirstOfPerson(cut: Cut, draft: Draft): string {
  const condition = isHere('fp.at', cut, draft);
  return lines(
    'left join (',
    '  select coalesce(whose.person_id, f.user_id) as person_id, min(f.at) as at',
    '  from (',
    '    select user_id, min(started_at) as at',
    `    from ${draft.table('runs')}`,
    `    where org_id = $1 and not hidden and user_id is not null and started_at < ${draft.instant(spanOf(cut).to)}`,
    '    group by user_id',
    '  ) f',
    `  left join ${draft.table('persons')} whose on whose.org_id = $1 and whose.user_id = f.user_id`,
    '  group by coalesce(whose.person_id, f.user_id)',
    `) fp on fp.person_id = coalesce(pe.person_id, r.user_id) and ${condition}`,
  );
}

/** The measures of runs, or of their parts or phases, in one statement. */
export function runMeasuresStatement(orgId: string, base: Base, aggregation: Aggregation): Statement {
  const draft = new Draft(orgId);
  const select = selectPerWindow(aggregation, (part, slice) => {
    const [distinct, ...others] = part.measures.filter(({ fold }) => fold.kind === 'distinct');
    const addsUp = others.length === 0 && part.measures.every((measure) => measure === distinct || isAdditive(measure));
    const body =
      distinct && addsUp
        ? selectByDistinct(distinct, base, part, slice, draft)
        : selectRuns(base, part, [slice ?? [], part.measures.map(named)].flat(), null, draft);
    return { with: [], body };
  });
  return draft.statement(select);
}

function named(measure: Measure): string {
  return `${aggregateOf(measure)} as ${measure.name}`;
}

/**
 * Aggregates per distinct value, then over these: that can be hashed, while `count(distinct)` has to sort. It does not
 * work for percentiles.
 */
function selectByDistinct(
  distinct: Measure,
  base: Base,
  aggregation: Aggregation,
  givenSlice: string | null,
  draft: Draft,
): string {
  const { groups, measures, cut } = aggregation;
  const keys = [...groups.map(groupColumn), ...(isSliced(cut) ? ['slice'] : [])];
  const outer = measures.map((measure) => {
    const sql = measure === distinct ? `count(${measure.name})` : aggregateOfParts(measure);
    return `${sql} as ${measure.name}`;
  });
  const inner = measures.filter((measure) => measure !== distinct).map(named);
  return lines(
    clause('select\n ', [keys, givenSlice ?? [], outer].flat(), ',\n  '),
    'from (',
    selectRuns(base, aggregation, inner, distinct, draft),
    ') per_value',
    clause('group by', keys, ', '),
  );
}

/** The values per group and slice, and per value of `distinct` if given. */
function selectRuns(
  base: Base,
  { groups, measures, rows, cut, leftOut }: Aggregation,
  values: readonly string[],
  distinct: Measure | null,
  draft: Draft,
): string {
  const dimensions = [...groups, ...(leftOut?.groups ?? []), ...rows.filters.map((filter) => filter.dimension)];
  const columns = [
    ...dimensions.flatMap((dimension) => expressionOf(dimension, 'run').columns),
    ...measures.flatMap(columnsOf),
  ];
  const slice = isSliced(cut) ? sliceOf('r.started_at', cut, draft) : null;
  const distinctSql = distinct?.fold.of?.sql;
  return lines(
    clause(
      'select\n ',
      [
        groups.map((group) => `${expressionOf(group, 'run').sql} as ${groupColumn(group)}`),
        slice ? sliceColumn(slice, cut) : [],
        distinct ? `${distinctSql} as ${distinct.name}` : [],
        values,
      ].flat(),
      ',\n  ',
    ),
    runRows(base, columns, draft),
    columns.some((column) => aliasOf(column) === 'ck') ? joinClock(spanOf(cut), rows.timezone, draft) : '',
    columns.some((column) => aliasOf(column) === 'fr') ? joinFirstOfAgent(cut, draft) : '',
    columns.some((column) => aliasOf(column) === 'fp') ? joinFirstOfPerson(cut, draft) : '',
    clause(
      'where',
      [
        'r.org_id = $1',
        notHidden('r'),
        ...within('r.started_at', spanOf(cut), draft),
        ...runConditions(rows.filters, draft, base),
        ...(leftOut ? [remains(leftOut, 'run', slice, draft)] : []),
      ],
      '\n  and ',
    ),
    groupBy([...groups.map(groupColumn), ...(distinctSql ? [distinctSql] : [])], slice, cut),
  );
}
