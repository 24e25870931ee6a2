import { baseOf } from '../../catalogue/bases/index.js';
import { columnsOf, type Measure } from '../../catalogue/measure.js';
import { aggregateOf } from '../../catalogue/aggregates.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { milliseconds } from './list.js';
import { runRows } from './run-measures.js';
import { runsThatPass } from './runs-list.js';

/** A measure of money, and how much of it makes a session dear, in nano-US-dollars. */
export interface DearBy {
  readonly measure: Measure<'runs'>;
  readonly least: bigint;
}

/**
 * The sessions with so much of one of the measures: for each measure (numbered from 0) nano-US-dollars, and of the runs that
 * have a part in it how many and when the first and last one started (epoch ms).
 */
export function dearSessionsStatement(orgId: string, rows: Rows, by: readonly DearBy[]): Statement {
  const draft = new Draft(orgId);
  const passing = runsThatPass(rows, draft);
  const told = by.flatMap(({ measure }, n) => {
    const own = measure.where ? ` filter (where ${measure.where.sql})` : '';
    return [
      `${aggregateOf(measure)} as cost_${n}`,
      `count(*)${own} as runs_${n}`,
      `${milliseconds(`min(r.started_at)${own}`)} as first_at_${n}`,
      `${milliseconds(`max(r.started_at)${own}`)} as last_at_${n}`,
    ];
  });
  const columns = by.flatMap(({ measure }) => columnsOf(measure));
  const isDear = by.map(({ measure, least }) => `${aggregateOf(measure)} >= ${draft.bind(String(least), 'numeric')}`);
  const body = lines(
    clause('select\n ', ['r.session_id as session', ...told], ',\n  '),
    runRows(baseOf('runs'), [...passing.columns, ...columns], draft),
    clause('where', [...passing.conditions, 'r.session_id is not null'], '\n  and '),
    'group by r.session_id',
    `having ${isDear.join('\n  or ')}`,
  );
  return draft.statement({ with: passing.with, body });
}

/** The sessions that cost so many nano-US-dollars in their whole life, and those that were written since that was summed. */
export function dearInAllStatement(orgId: string, least: bigint, limit: number): Statement {
  const draft = new Draft(orgId);
  const body = lines(
    'select session_id as session',
    `from ${draft.table('rollup_sessions')}`,
    'where org_id = $1',
    `  and cost_nanos >= ${draft.bind(String(least), 'numeric')}`,
    'union',
    'select session_id',
    `from ${draft.table('rollup_session_marks')}`,
    'where org_id = $1',
    `limit ${draft.bind(limit, 'bigint')}`,
  );
  return draft.statement(body);
}

/** A percentile of what sessions cost, in nano-US-dollars, and how many sessions of known cost there are. */
export function sessionCostStatement(orgId: string, rows: Rows, measure: Measure<'runs'>, fraction: number): Statement {
  const draft = new Draft(orgId);
  const passing = runsThatPass(rows, draft);
  const sessions = lines(
    `select ${aggregateOf(measure)} as cost`,
    runRows(baseOf('runs'), [...passing.columns, ...columnsOf(measure)], draft),
    clause('where', [...passing.conditions, 'r.session_id is not null'], '\n  and '),
    'group by r.session_id',
  );
  const body = lines(
    'select count(cost) as sessions,',
    `  percentile_cont(${draft.bind(fraction, 'float8')}) within group (order by cost::float8) as cost`,
    'from sessions_cost',
  );
  return draft.statement({ with: [...passing.with, { name: 'sessions_cost', sql: sessions }], body });
}
