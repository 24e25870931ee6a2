import type { Transaction } from '../db/database.js';
import type { Change } from './change.js';
import { keyId } from './statements.js';

/**
 * A message may be told several times: by telemetry and hooks, which do not always know its id and make one of its key, and
 * by a transcript, which does. Of one key and role those with a made id give way to any with an id of its own, and all give
 * way whose run is better told. Derives that again for the keys of these messages, and these keys of runs, after they were
 * saved.
 */
export function supersedeMessages(tx: Transaction, messages: readonly Change[], ofRuns: readonly string[]): void {
  const keys = messages.flatMap(({ before, after }) => [before?.values.key, after.values.key]);
  supersedeOfKeys(tx, [...new Set([...keys.filter((key) => typeof key === 'string'), ...ofRuns])]);
}

/** The same for all messages with these keys. */
export function supersedeOfKeys(tx: Transaction, keys: readonly string[]): void {
  if (keys.length > 0) tx.write(SUPERSEDE, [tx.orgId, keys]);
}

export async function keysOfMessages(tx: Transaction, messageIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ key: string }>(
    `
    select distinct key
    from messages
    where org_id = $1
      and message_id = any($2::text[])
      and key is not null`,
    [tx.orgId, messageIds],
  );
  return rows.map(({ key }) => key);
}

const SUPERSEDE = `
    update messages t
    set
      superseded = told.is_better_told,
      hidden = told.is_better_told
        or coalesce((select s.hidden from sessions s where s.org_id = $1 and s.session_id = t.session_id), false)
    from (
      select
        m.message_id,
        starts_with(m.message_id, '${keyId('')}') and exists (
          select
          from messages other
          where other.org_id = $1
            and other.key = m.key
            and other.role = m.role
            and not starts_with(other.message_id, '${keyId('')}')
        ) or exists (
          select
          from runs r
          where r.org_id = $1
            and r.key = m.key
            and r.superseded
        ) as is_better_told
      from messages m
      where m.org_id = $1
        and m.key = any($2::text[])
    ) told
    where t.org_id = $1
      and t.message_id = told.message_id
      and t.superseded <> told.is_better_told`;
