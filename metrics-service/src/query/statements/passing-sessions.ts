import { joins } from '../sql/conditions.js';
import { clause, lines, type Draft, type TableExpression } from '../sql/statement.js';
import { activeSessions } from './active-sessions.js';
import type { Rows } from '../rows.js';

export interface PassingSessions {
  readonly with: readonly TableExpression[];
  /** none where there are no filters */
  readonly conditions: readonly string[];
}

/** Condition: the session in `column` passes the filters, as for session metrics (definitions.md, Filters). */
export function passingSessions(rows: Rows, column: string, draft: Draft): PassingSessions {
  if (rows.filters.length === 0) return { with: [], conditions: [] };
  const cut = { slices: [rows.window], whole: false, asked: 'all' } as const;
  const active = activeSessions(rows, cut, [], draft);
  const sessions = lines(
    'select a.session_id',
    'from active a',
    joins(active.columns, 'a', draft),
    clause('where', active.conditions, ' and '),
  );
  return { with: active.with, conditions: [`${column} in (\n    ${sessions.replaceAll('\n', '\n    ')}\n  )`] };
}
