import type { Rows } from '../rows.js';
import { notHidden, within } from '../sql/conditions.js';
import { Draft, lines, type Statement } from '../sql/statement.js';
import { ACTIVITY } from './active-sessions.js';

/** Shown as when a session was last active, but a session is not active by it. */
const RUN_END = 'r.completed_at';

/** A session among the latest ones; `is_active`: surely active in the window, not only the end of one of its runs lies in it. */
export interface LatestSession {
  readonly session: string;
  readonly is_active: boolean;
}

/**
 * All sessions with a moment in the window's last part, which is as long as the newest so many moments of each kind tell. So
 * no other session was active later than any of them.
 */
export function latestSessionsStatement(orgId: string, { window }: Rows, most: number): Statement {
  const draft = new Draft(orgId);
  const limit = draft.bind(most, 'bigint');
  const newest = (table: string, { alias, time }: { alias: 'r' | 'm' | 'h'; time: string }): string =>
    lines(
      '(',
      `  select '${time}' as kind, ${alias}.session_id, ${time} as at`,
      `  from ${draft.table(table)} ${alias}`,
      `  where ${alias}.org_id = $1`,
      `    and ${notHidden(alias)}`,
      `    and ${alias}.session_id is not null`,
      `    and ${within(time, window, draft).join('\n    and ')}`,
      `  order by ${time} desc`,
      `  limit ${limit}`,
      ')',
    );
  const moments = [
    ...Object.entries(ACTIVITY).map(([table, moment]) => newest(table, moment)),
    newest('runs', { alias: 'r', time: RUN_END }),
  ].join('\nunion all\n');
  // before the oldest of a kind that has more there may be others
  const told = lines('select kind, min(at) as since', 'from moments', 'group by kind', `having count(*) = ${limit}`);
  const body = lines(
    `select session_id as session, bool_or(kind <> '${RUN_END}') as is_active`,
    'from moments',
    `where at >= coalesce((select max(since) from told), '-infinity')`,
    'group by session_id',
  );
  return draft.statement({
    with: [
      { name: 'moments', sql: moments },
      { name: 'told', sql: told },
    ],
    body,
  });
}
