import type { Rows } from '../plan.js';
import { activity } from './activity.js';
import { clause, joins, lines, type Bindings } from './statement.js';

export interface PassingSessions {
  /** `with …`, or nothing where there are no filters */
  readonly with: string;
  readonly conditions: readonly string[];
}

/** That the session in `column` passes the filters, as session metrics take them (definitions.md, Filters). */
export function passingSessions(rows: Rows, column: string, bindings: Bindings): PassingSessions {
  if (rows.filters.length === 0) return { with: '', conditions: [] };
  const cut = { slices: [rows.window], whole: false, asked: 'all' } as const;
  const active = activity(rows, cut, [], bindings);
  const sessions = lines(
    'select a.session_id',
    'from active a',
    joins(active.columns, 'a'),
    clause('where', active.conditions, ' and '),
  );
  return { with: active.sql, conditions: [`${column} in (\n    ${sessions.replaceAll('\n', '\n    ')}\n  )`] };
}
