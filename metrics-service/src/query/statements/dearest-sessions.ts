import type { Measure } from '../../catalogue/measure.js';
import { baseOf } from '../../catalogue/bases/index.js';
import { columnsOf } from '../../catalogue/measure.js';
import { aggregateOf } from '../sql/aggregates.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { milliseconds } from './list.js';
import { runRows } from './run-measures.js';
import { runsThatPass } from './runs-list.js';

/** A session by one measure of its runs that count for it: `value`, `rows`, and when these ran, in epoch ms. */
export interface DearSession {
  readonly session: string;
  readonly value: string;
  readonly rows: string;
  readonly first_at: number;
  readonly last_at: number;
}

/** The session whose runs that pass `where` add up to most of a measure that may be unknown, with when these started. */
export function dearestSessionStatement(orgId: string, rows: Rows, measure: Measure, count: Measure): Statement {
  const draft = new Draft(orgId);
  const passing = runsThatPass(rows, draft);
  const columns = [...passing.columns, ...columnsOf(measure)];
  const counted = [count.where!.sql, 'r.session_id is not null', 'r.cost_nanos is not null'];
  const body = lines(
    'select',
    `  r.session_id as session, ${aggregateOf(measure)} as value, ${aggregateOf(count)} as rows,`,
    `  ${milliseconds('min(r.started_at)')} as first_at, ${milliseconds('max(r.started_at)')} as last_at`,
    runRows(baseOf('runs'), columns, draft),
    clause('where', [...passing.conditions, ...counted], '\n  and '),
    'group by r.session_id',
    'order by value desc, session',
    'limit 1',
  );
  return draft.statement({ with: passing.with, body });
}
