import type { Draft } from '../sql/statement.js';

/** `r`: these sessions, each as if it were a run of its creator. */
export function runawayRows(sessions: readonly string[], draft: Draft): string {
  return `(
  select $1::text as org_id, runaway.session_id, creator.created_by_user_id as user_id
  from unnest(${draft.bind(sessions, 'text[]')}) as runaway (session_id)
  left join ${draft.table('sessions')} creator on creator.org_id = $1 and creator.session_id = runaway.session_id
) r`;
}
