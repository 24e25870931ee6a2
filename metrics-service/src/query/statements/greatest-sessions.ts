import type { Window } from '../buckets.js';
import { Draft, lines, type Statement } from '../sql/statement.js';

/** What sessions have at most in any window: of their whole life. */
export type OfLife = 'cost_nanos' | 'tokens' | 'runs';

/** A session, and what it has in its whole life; null where it was written since that was summed. */
export interface GreatestSession {
  readonly session: string;
  readonly of_life: string | null;
}

/**
 * So many of the sessions that may have been active in the window: those that have most in their whole life, that first; and
 * those that were written since.
 */
export function greatestSessionsStatement(
  orgId: string,
  window: Window,
  { ofLife, most, mostWritten }: { ofLife: OfLife; most: number; mostWritten: number },
): Statement {
  const draft = new Draft(orgId);
  const body = lines(
    '(',
    `  select session_id as session, ${ofLife} as of_life`,
    `  from ${draft.table('rollup_sessions')}`,
    '  where org_id = $1',
    `    and ${ofLife} > 0`,
    `    and first_at < ${draft.instant(window.to)}`,
    `    and last_at >= ${draft.instant(window.from)}`,
    `  order by ${ofLife} desc`,
    `  limit ${draft.bind(most, 'bigint')}`,
    ')',
    'union all',
    '(',
    '  select distinct session_id, null::numeric',
    `  from ${draft.table('rollup_session_marks')}`,
    '  where org_id = $1',
    `  limit ${draft.bind(mostWritten, 'bigint')}`,
    ')',
  );
  return draft.statement(body);
}
