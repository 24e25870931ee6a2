import type { Transaction } from '../db/database.js';
import type { StoredRow } from './store.js';

/** Notes the sessions in which a run goes on whose end will have to be derived: settle.ts looks through them. */
export function noteOpenSessions(tx: Transaction, runs: readonly StoredRow[]): void {
  const open = runs.filter(({ values, derived }) => values.end_is_derived === true && isOpen(values, derived));
  const ids = [...new Set(open.map(({ values }) => values.session_id as string))].sort();
  if (ids.length === 0) return;
  tx.write(
    `
    insert into open_sessions (org_id, session_id, heard_at)
    select $1, session_id, now()
    from unnest($2::text[]) as heard (session_id)
    on conflict (org_id, session_id) do update
    set heard_at = excluded.heard_at
    where open_sessions.heard_at < excluded.heard_at - interval '1 second'`,
    [tx.orgId, ids],
  );
}

function isOpen(values: StoredRow['values'], derived: StoredRow['derived']): boolean {
  return values.status === 'IN_FLIGHT' && derived.hidden === false && typeof values.session_id === 'string';
}
