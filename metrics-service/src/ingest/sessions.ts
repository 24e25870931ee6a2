import type { Transaction } from '../db/database.js';
import type { Change } from './attach-calls.js';
import { isDeleted } from './merge.js';
import type { RunFacts } from './derive-run.js';

type SessionFacts = NonNullable<RunFacts['session']>;

/** What the rows of a session take from it, for the sessions that the changed rows name. */
export async function sessionFacts(tx: Transaction, changes: Change[]): Promise<Map<string, SessionFacts>> {
  const ids = new Set(changes.map(({ after }) => after.values.session_id).filter((id) => typeof id === 'string'));
  return factsOf(tx, ids);
}

export async function factsOf(tx: Transaction, sessionIds: Iterable<string>): Promise<Map<string, SessionFacts>> {
  const ids = [...sessionIds];
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ session_id: string; hidden: boolean; created_by_user_id: string | null }>(
    `
    select session_id, hidden, created_by_user_id
    from sessions
    where org_id = $1
      and session_id = any($2::text[])`,
    [tx.orgId, ids],
  );
  return new Map(rows.map((row) => [row.session_id, { hidden: row.hidden, createdByUserId: row.created_by_user_id }]));
}

/** Where a session's creator changed or it was hidden or shown again: carries that to its rows. */
export async function spreadSessionChanges(tx: Transaction, changes: Change[]): Promise<void> {
  const changed = changes
    .filter(({ before, after }) => {
      const hiddenBefore = before !== null && isDeleted('session', before.stamps);
      return (
        (before?.values.created_by_user_id ?? null) !== after.values.created_by_user_id ||
        hiddenBefore !== isDeleted('session', after.stamps)
      );
    })
    .map(({ after }) => after.id);
  if (changed.length === 0) return;
  await tx.query(
    `
    update runs r
    set user_id = coalesce(r.reported_user_id, s.created_by_user_id),
      hidden = r.deleted or s.hidden
    from sessions s
    where r.org_id = $1
      and r.session_id = any($2::text[])
      and s.org_id = $1
      and s.session_id = r.session_id
      and (r.user_id, r.hidden) is distinct from (coalesce(r.reported_user_id, s.created_by_user_id), r.deleted or s.hidden)`,
    [tx.orgId, changed],
  );
  for (const table of ['messages', 'handoffs'] as const) {
    await tx.query(
      `
      update ${table} t
      set hidden = s.hidden
      from sessions s
      where t.org_id = $1
        and t.session_id = any($2::text[])
        and s.org_id = $1
        and s.session_id = t.session_id
        and t.hidden <> s.hidden`,
      [tx.orgId, changed],
    );
  }
}
