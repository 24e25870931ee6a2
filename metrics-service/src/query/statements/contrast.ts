import { runs, runsBase } from '../../catalogue/bases/runs.js';
import { WORK_ITEM, type Column } from '../../catalogue/columns.js';
import type { Measure } from '../../catalogue/measure.js';
import { aggregateOf } from '../../catalogue/aggregates.js';
import type { Filter } from '../filters.js';
import type { Rows } from '../rows.js';
import { expressionOf, filterCondition, joins, notHidden, within } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement, type TableExpression } from '../sql/statement.js';
import { activeSessions, LAST_OUTCOME } from './active-sessions.js';
import { runRows } from './run-measures.js';

/** What is contrasted: the sessions that are active, or the work items that runs are about. */
export const CONTRASTED = ['sessions', 'work_items'] as const;
export type Contrasted = (typeof CONTRASTED)[number];

/** What each one of them has, from the sums over its runs; whole numbers, null where unknown. */
export const VALUES = {
  /** nano-US-dollars; where the cost of all runs is fully known */
  cost: 'case when runs_with_cost = runs then coalesce(cost_nanos, 0) end',
  tokens: 'case when runs = 0 then 0 else input_tokens + output_tokens end',
  agent_time: 'case when runs = 0 then 0 else execution_ms end',
  runs: 'runs',
} as const;

const MEASURES: readonly Measure[] = [
  ...[runs.runs, runs.runs_with_cost, runs.cost_nanos],
  ...[runs.input_tokens, runs.output_tokens, runs.execution_ms],
];

export interface Contrast {
  readonly of: Contrasted;
  readonly by: Filter;
}

/**
 * The two sides of a contrast, a row each (`is_with`): how many (`ones`), of each value its count, sum and sum of squares,
 * and how many have a run that ended (`ended`), and with success the last one (`succeeded`).
 */
export function contrastStatement(orgId: string, rows: Rows, { of, by }: Contrast): Statement {
  const draft = new Draft(orgId);
  const one = of === 'sessions' ? sessionsIn(rows, draft) : workItemsIn(rows, draft);
  const values = Object.entries(VALUES).map(([name, sql]) => `${sql} as ${name}`);
  const valued = lines(clause('select\n ', ['id', 'last_outcome', ...values], ',\n  '), 'from one');
  const sums = Object.keys(VALUES).flatMap((name) => [
    `count(v.${name}) as ${name}_count`,
    `coalesce(sum(v.${name}), 0) as ${name}_sum`,
    `coalesce(sum(v.${name}::numeric * v.${name}), 0) as ${name}_squares`,
  ]);
  const body = lines(
    clause(
      'select\n ',
      [
        'passing.id is not null as is_with',
        'count(*) as ones',
        ...sums,
        'count(v.last_outcome) as ended',
        `count(*) filter (where v.last_outcome = 'SUCCEEDED') as succeeded`,
      ],
      ',\n  ',
    ),
    'from valued v',
    'left join passing on passing.id = v.id',
    'group by 1',
  );
  const passing = passingIn(rows, { of, by }, draft);
  return draft.statement({
    with: [...one, { name: 'valued', sql: valued }, { name: 'passing', sql: passing }],
    body,
  });
}

/** The active sessions that pass the filters: their numbers stay whole. */
function sessionsIn(rows: Rows, draft: Draft): readonly TableExpression[] {
  const used: Column[] = [...MEASURES.map(({ name }): Column => `a.${name}`), 'a.last_outcome'];
  const active = activeSessions(rows, { slices: [rows.window], whole: false, asked: 'all' }, used, draft);
  const sql = lines(
    clause('select\n ', ['a.session_id as id', ...used], ',\n  '),
    'from active a',
    joins(active.columns, 'a', draft),
    clause('where', active.conditions, '\n  and '),
  );
  return [...active.with, { name: 'one', sql }];
}

/** The work items that runs which pass the filters are about, with the sums over these runs. */
function workItemsIn(rows: Rows, draft: Draft): readonly TableExpression[] {
  const sums = MEASURES.map((measure) => `${aggregateOf(measure)} as ${measure.name}`);
  const select = clause('select\n ', [`${WORK_ITEM.sql} as id`, ...sums, `${LAST_OUTCOME} as last_outcome`], ',\n  ');
  return [{ name: 'one', sql: lines(select, runsThatPass(rows, [], WORK_ITEM, draft), 'group by 1') }];
}

/** Those that have a run which passes the filters and what they are contrasted by, or a tool call of such a run. */
function passingIn(rows: Rows, { of, by }: Contrast, draft: Draft): string {
  const id = of === 'sessions' ? { sql: 'r.session_id', columns: ['r.session_id'] as const } : WORK_ITEM;
  const isOfTool = by.dimension.only === 'tool_calls';
  const filters = isOfTool ? rows.filters : [...rows.filters, by];
  const more = isOfTool ? [callsOf(by, draft)] : [];
  return lines(`select distinct ${id.sql} as id`, runsThatPass({ ...rows, filters }, more, id, draft));
}

/** Condition: a tool call of the run passes, whenever it was. */
function callsOf(tool: Filter, draft: Draft): string {
  return lines(
    'exists (',
    '    select',
    `    from ${draft.table('tool_calls')} t`,
    '    where t.org_id = $1',
    '      and t.run_id = r.run_id',
    `      and ${filterCondition(tool, 't.name', draft)}`,
    '  )',
  );
}

function runsThatPass(
  { window, filters }: Rows,
  more: readonly string[],
  id: { readonly sql: string; readonly columns: readonly Column[] },
  draft: Draft,
): string {
  const expressions = filters.map(({ dimension }) => expressionOf(dimension, 'run'));
  return lines(
    runRows(runsBase, [...id.columns, ...expressions.flatMap(({ columns }) => columns)], draft),
    clause(
      'where',
      [
        ...['r.org_id = $1', notHidden('r'), ...within('r.started_at', window, draft), `${id.sql} is not null`],
        ...filters.map((filter, index) => filterCondition(filter, expressions[index]!.sql, draft)),
        ...more,
      ],
      '\n  and ',
    ),
  );
}
