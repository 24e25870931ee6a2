import { baseOf } from '../../catalogue/bases/index.js';
import { columnsOf, type Measure } from '../../catalogue/measure.js';
import { aggregateOf } from '../../catalogue/aggregates.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { milliseconds } from './list.js';
import { runRows } from './run-measures.js';
import { runsThatPass } from './runs-list.js';

/** A session by the runs of a measure of money: nano-US-dollars, how many, and when they started, in epoch ms. */
export interface DearSession {
  readonly session: string;
  readonly cost: string;
  readonly runs: string;
  readonly first_at: number;
  readonly last_at: number;
}

/** The sessions with most of a measure of money, and those of the runs that have a part in it. */
export function dearSessionsStatement(orgId: string, rows: Rows, measure: Measure<'runs'>, limit: number): Statement {
  const draft = new Draft(orgId);
  const passing = runsThatPass(rows, draft);
  const own = measure.where ? [measure.where.sql] : [];
  const body = lines(
    'select',
    `  r.session_id as session, ${aggregateOf(measure)} as cost, count(*) as runs,`,
    `  ${milliseconds('min(r.started_at)')} as first_at, ${milliseconds('max(r.started_at)')} as last_at`,
    runRows(baseOf('runs'), [...passing.columns, ...columnsOf(measure)], draft),
    clause('where', [...passing.conditions, ...own, 'r.session_id is not null'], '\n  and '),
    'group by r.session_id',
    `having ${aggregateOf(measure)} is not null`,
    'order by cost desc, session',
    `limit ${draft.bind(limit, 'integer')}`,
  );
  return draft.statement({ with: passing.with, body });
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
