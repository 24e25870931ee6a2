import { EARLIEST_MS, LATEST_MS } from '../../contract/query.js';
import type { Window } from '../buckets.js';
import { joins } from '../sql/conditions.js';
import { clause, Draft, lines, type Statement } from '../sql/statement.js';
import type { Rows } from '../rows.js';
import { milliseconds } from './list.js';
import { runsThatPass } from './runs-list.js';

/** When the latest run before the window and the first one after it started, of those that pass; in epoch ms. */
export function nearestRunsStatement(orgId: string, rows: Rows): Statement {
  const draft = new Draft(orgId);
  const filters = rows.filters.filter(({ dimension }) => !dimension.flag);
  const nearest = (window: Window, direction: 'asc' | 'desc'): string => {
    const { columns, conditions } = runsThatPass({ ...rows, filters, window }, draft);
    return lines(
      `select ${milliseconds('r.started_at')}`,
      `from ${draft.table('runs')} r`,
      joins(columns, 'r', draft),
      clause('where', conditions, '\n  and '),
      `order by r.started_at ${direction}`,
      'limit 1',
    );
  };
  const { from, to } = rows.window;
  const before = nearest({ from: EARLIEST_MS, to: from }, 'desc');
  const after = nearest({ from: to, to: LATEST_MS }, 'asc');
  return draft.statement(`select (\n${before}\n) as before, (\n${after}\n) as after`);
}
