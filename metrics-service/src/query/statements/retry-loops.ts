import { aliasOf, type Column } from '../../catalogue/columns.js';
import { expressionOf, filterCondition, joins, notHidden, within } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { milliseconds } from './list.js';

/** Runs in a row that failed alike: how many, their known cost in nano-US-dollars, first and last start in epoch ms. */
export interface RetryLoop {
  readonly session: string;
  readonly fingerprint: string;
  readonly runs: string;
  readonly cost: string | null;
  readonly first_at: number;
  readonly last_at: number;
}

/** As a list, so that they are looked up by the index of sessions, however many are expected. */
const IN_CANDIDATES = 'r.session_id = any(array(select session_id from candidates))';

/**
 * Where at least `least` runs of a session in a row, by their starts, failed with one fingerprint, dearest first. All runs of
 * the session in the window make the row; each of those that failed passes the filters. Only sessions with so many failed
 * runs are read in order.
 */
export function retryLoopsStatement(orgId: string, rows: Rows, least: number, limit: number): Statement {
  const draft = new Draft(orgId);
  const columns: Column[] = rows.filters.flatMap(({ dimension }) => [...expressionOf(dimension, 'run').columns]);
  const passes = rows.filters.map((one) => filterCondition(one, expressionOf(one.dimension, 'run').sql, draft));
  const inWindow = ['r.org_id = $1', notHidden('r'), ...within('r.started_at', rows.window, draft)];
  const fewest = draft.bind(least, 'integer');
  const candidates = lines(
    'select r.session_id',
    `from ${draft.table('runs')} r`,
    clause('where', [...inWindow, 'r.failure_fingerprint is not null', 'r.session_id is not null'], '\n  and '),
    'group by r.session_id',
    `having count(*) >= ${fewest}`,
  );
  const needsJoin = columns.some((name) => aliasOf(name) !== 'r');
  const ordered = lines(
    'select r.session_id, r.failure_fingerprint, r.started_at, r.cost_nanos,',
    `  coalesce(${passes.length === 0 ? 'true' : passes.join(' and ')}, false) as passes,`,
    // the same for runs in a row that failed alike, and another one after each break
    '  row_number() over (partition by r.session_id order by r.started_at, r.run_id)',
    '    - row_number() over (partition by r.session_id, r.failure_fingerprint order by r.started_at, r.run_id) as streak',
    `from ${draft.table('runs')} r`,
    needsJoin ? joins(columns, 'r', draft) : '',
    clause('where', [...inWindow, IN_CANDIDATES], '\n  and '),
  );
  const body = lines(
    'select session_id as session, failure_fingerprint as fingerprint, count(*) as runs, sum(cost_nanos) as cost,',
    `  ${milliseconds('min(started_at)')} as first_at, ${milliseconds('max(started_at)')} as last_at`,
    'from ordered',
    'where failure_fingerprint is not null',
    'group by session_id, failure_fingerprint, streak',
    `having count(*) >= ${fewest} and bool_and(passes)`,
    'order by sum(cost_nanos) desc nulls last, count(*) desc, session_id, first_at',
    `limit ${draft.bind(limit, 'integer')}`,
  );
  return draft.statement({
    with: [
      { name: 'candidates', sql: candidates },
      { name: 'ordered', sql: ordered },
    ],
    body,
  });
}
