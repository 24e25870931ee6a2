import type { Transaction } from '../db/database.js';
import { MAX_SOURCE_CHARACTERS } from '../contract/values.js';
import { isShallow, storableJson } from './json.js';
import type { Fault } from './parse.js';

/** A larger rejected event is kept as its beginning: dead letters must not fill the disk. */
const MAX_KEPT_BYTES = 256 * 1024;
const KEPT_BEGINNING = 4 * 1024;

export interface DeadLetter extends Fault {
  deadLetterId: string;
  receivedAt: Date;
  source: string | null;
  eventId: string | null;
  event: unknown;
}

export interface Rejected {
  item: unknown;
  fault: Fault;
}

/** Keeps rejected events with their reason, at most `limit` per organization: the oldest make room. */
export async function keepDeadLetters(
  tx: Transaction,
  rejected: Rejected[],
  options: { withoutText: boolean; limit: number },
): Promise<void> {
  const kept = rejected.slice(-options.limit).map(({ item, fault }) => ({
    source: attribute(item, 'source'),
    event_id: attribute(item, 'id'),
    ...fault,
    event: keptForm(item, options.withoutText),
  }));
  if (kept.length === 0) return;
  await tx.query(
    `
    insert into dead_letters (org_id, source, event_id, code, path, message, event)
    select $1, source, event_id, code, path, message, event
    from json_to_recordset($2::json) as letter (
      source text, event_id text, code text, path text, message text, event jsonb
    )`,
    [tx.orgId, JSON.stringify(storableJson(kept, false))],
  );
  await tx.query(
    `
    delete from dead_letters
    where org_id = $1
      and dead_letter_id <= (
        select dead_letter_id
        from dead_letters
        where org_id = $1
        order by dead_letter_id desc
        offset $2
        limit 1
      )`,
    [tx.orgId, options.limit],
  );
}

function attribute(item: unknown, name: 'id' | 'source'): string | null {
  const value = typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[name] : null;
  return typeof value === 'string' ? value.slice(0, MAX_SOURCE_CHARACTERS) : null;
}

/** What is kept of a rejected event. Without text, what is not a readable event is not kept: it may be text. */
function keptForm(item: unknown, withoutText: boolean): unknown {
  if (!isShallow(item)) return { $notKept: 'it nests too deep' };
  const isEvent = typeof item === 'object' && item !== null && !Array.isArray(item);
  if (withoutText && !isEvent)
    return { $notKept: 'it is no JSON object, and this organization stores no message text' };
  const { data, data_base64: base64, ...attributes } = (isEvent ? item : {}) as Record<string, unknown>;
  const unreadable = typeof data === 'string' || base64 !== undefined;
  const form = storableJson(withoutText && unreadable ? attributes : item, withoutText);
  const json = JSON.stringify(form);
  if (json.length <= MAX_KEPT_BYTES) return form;
  return { $truncated: withoutText ? `${json.length} characters` : json.slice(0, KEPT_BEGINNING).toWellFormed() };
}

const columns = `
      dead_letter_id as "deadLetterId",
      received_at as "receivedAt",
      source,
      event_id as "eventId",
      code,
      path,
      message,
      event`;

/** The newest dead letters first; `id` asks for that one only. */
export async function listDeadLetters(tx: Transaction, options: { limit: number; id?: string }): Promise<DeadLetter[]> {
  const { rows } = await tx.query<DeadLetter>(
    `
    select ${columns}
    from dead_letters
    where org_id = $1
      and ($2::bigint is null or dead_letter_id = $2::bigint)
    order by dead_letter_id desc
    limit $3`,
    [tx.orgId, options.id ?? null, options.limit],
  );
  return rows;
}

/** The dead letters after `after`, oldest first. */
export async function nextDeadLetters(tx: Transaction, after: string, limit: number): Promise<DeadLetter[]> {
  const { rows } = await tx.query<DeadLetter>(
    `
    select ${columns}
    from dead_letters
    where org_id = $1
      and dead_letter_id > $2::bigint
    order by dead_letter_id
    limit $3`,
    [tx.orgId, after, limit],
  );
  return rows;
}

export async function removeDeadLetters(tx: Transaction, ids: string[]): Promise<void> {
  await tx.query(
    `
    delete from dead_letters
    where org_id = $1
      and dead_letter_id = any($2::bigint[])`,
    [tx.orgId, ids],
  );
}
