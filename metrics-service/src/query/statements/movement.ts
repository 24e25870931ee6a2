import type { Filter } from '../filters.js';
import { filterCondition, notHidden } from '../sql/conditions.js';
import { Draft, lines, type Statement } from '../sql/statement.js';
import { LOST_AFTER_MS } from './live-rows.js';

/** A session or run without an open run still moves for so long after the last that happened in it. */
export const STILL_MS = 10 * 60_000;

const HAPPENED = [
  ['messages', 'm', 'sent_at'],
  ['handoffs', 'h', 'occurred_at'],
] as const;

/**
 * Whether the sessions and runs of these filters move at `now`: one has an open run, or something happened in it a moment ago.
 * `sessions` is the table of those that may be shown.
 */
export function movementStatement(orgId: string, filters: readonly Filter[], sessions: string, now: number): Statement {
  const draft = new Draft(orgId);
  const [recent, lost] = [draft.instant(now - STILL_MS), draft.instant(now - LOST_AFTER_MS)];
  const among = (column: string, name: 'session' | 'run'): string[] =>
    filters
      .filter(({ dimension }) => dimension.name === name)
      .map((filter) => `    and ${filterCondition(filter, column, draft)}`);
  const exists = (table: string, alias: string, conditions: readonly string[]): string =>
    lines('exists (', `  select from ${draft.table(table)} ${alias}`, `  where ${alias}.org_id = $1`, conditions, ')');
  const ofRuns = exists('runs', 'r', [
    ...among('r.session_id', 'session'),
    ...among('r.run_id', 'run'),
    `    and ${notHidden('r')}`,
    `    and case when r.status = 'IN_FLIGHT' then r.heard_at >= ${lost} else r.completed_at >= ${recent} end`,
  ]);
  if (filters.some(({ dimension }) => dimension.name === 'run')) return draft.statement(`select ${ofRuns} as moves`);
  const others = HAPPENED.map(([table, alias, at]) =>
    exists(table, alias, [
      ...among(`${alias}.session_id`, 'session'),
      `    and ${notHidden(alias)}`,
      `    and ${alias}.${at} >= ${recent}`,
    ]),
  );
  const begun = exists(sessions, 's', [
    ...among('s.session_id', 'session'),
    '    and not s.hidden',
    `    and s.created_at >= ${recent}`,
  ]);
  return draft.statement(`select ${[ofRuns, ...others, begun].join(' or ')} as moves`);
}
