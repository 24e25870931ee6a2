import { createHash } from 'node:crypto';
import type { Transaction } from '../db/database.js';
import { eventKey } from './log.js';

type Key = { source: string; id: string };

function hashOf(key: Key): string {
  return createHash('sha256').update(eventKey(key)).digest('hex');
}

/** Remembers events whose personal data was erased, by a hash of what identifies them. */
export function rememberErased(tx: Transaction, keys: Key[]): void {
  tx.write(
    `
    insert into erased_events (org_id, key_hash)
    select $1, decode(hash, 'hex')
    from unnest($2::text[]) as erased (hash)
    on conflict do nothing`,
    [tx.orgId, keys.map(hashOf)],
  );
}

/** Those of the events that were erased, by their key. */
export async function findErased(tx: Transaction, keys: Key[]): Promise<Set<string>> {
  const hashes = new Map(keys.map((key) => [hashOf(key), eventKey(key)]));
  const { rows } = await tx.query<{ hash: string }>(
    `
    select encode(key_hash, 'hex') as hash
    from erased_events
    where org_id = $1
      and key_hash in (select decode(hash, 'hex') from unnest($2::text[]) as sent (hash))`,
    [tx.orgId, [...hashes.keys()]],
  );
  return new Set(rows.map(({ hash }) => hashes.get(hash)!));
}
