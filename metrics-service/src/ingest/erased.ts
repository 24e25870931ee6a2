import { createHash } from 'node:crypto';
import type { Transaction } from '../db/database.js';
import { eventKey, type EventKey } from './log.js';

function hashOf(key: EventKey): string {
  return createHash('sha256').update(eventKey(key)).digest('hex');
}

/** Remembers events whose personal data was erased, by a hash of what identifies them. */
export function rememberErased(tx: Transaction, keys: EventKey[]): void {
  tx.write(
    `
    insert into erased_events (org_id, key_hash)
    select $1, decode(hash, 'hex')
    from unnest($2::text[]) as erased (hash)
    on conflict do nothing`,
    [tx.orgId, keys.map(hashOf)],
  );
}

/**
 * Which of the events were erased, by key. A copy of lower rank than the erased event counts as erased, too; one of
 * higher rank does not: otherwise a sender could block an id for the directory by using it first.
 */
export async function findErased(tx: Transaction, keys: EventKey[]): Promise<Set<string>> {
  const hashes = new Map<string, string[]>();
  for (const key of keys) {
    for (const rank of [1, 0] as const) {
      if (rank < key.rank) continue;
      const hash = hashOf({ ...key, rank });
      hashes.set(hash, [...(hashes.get(hash) ?? []), eventKey(key)]);
    }
  }
  const { rows } = await tx.query<{ hash: string }>(
    `
    select encode(key_hash, 'hex') as hash
    from erased_events
    where org_id = $1
      and key_hash in (select decode(hash, 'hex') from unnest($2::text[]) as sent (hash))`,
    [tx.orgId, [...hashes.keys()]],
  );
  return new Set(rows.flatMap(({ hash }) => hashes.get(hash)!));
}
