import type { Transaction } from '../db/database.js';
import type { TokenScope } from '../contract/access.js';
import { MAX_SOURCE_CHARACTERS, storableText } from '../contract/values.js';
import { textArray } from '../db/text-array.js';
import { Turn } from '../turns.js';
import { isShallow, storableJson, type Without } from './json.js';
import type { Fault } from './parse.js';
import type { Rights } from './rights.js';
import { bulkInsert } from './store.js';

/** Of a larger rejected event only the beginning is kept, so that dead letters do not fill the disk. */
const MAX_KEPT_BYTES = 256 * 1024;
const KEPT_BEGINNING = 4 * 1024;

export interface DeadLetter extends Fault {
  deadLetterId: string;
  receivedAt: Date;
  source: string | null;
  eventId: string | null;
  /** the scopes of the token that sent it */
  scopes: TokenScope[];
  event: unknown;
}

export interface Rejected {
  item: unknown;
  rights: Rights;
  fault: Fault;
}

const COLUMNS = {
  source: 'text',
  event_id: 'text',
  code: 'text',
  path: 'text',
  message: 'text',
  event: 'jsonb',
  scopes: 'text[]',
} as const;
const INSERT = bulkInsert('dead_letters', COLUMNS);

/** Keeps rejected events with their reason, at most `limit` per organization: the oldest are deleted. */
export async function keepDeadLetters(
  tx: Transaction,
  rejected: Rejected[],
  options: { without: Without; limit: number },
): Promise<void> {
  const rows: (string | null)[][] = [];
  const turn = new Turn();
  for (const { item, rights, fault } of rejected.slice(-options.limit)) {
    if (turn.isOver) await turn.next();
    const said = [attribute(item, 'source'), attribute(item, 'id'), fault.code, fault.path, fault.message];
    const kept = [keptText(item, options.without), `{${rights.join(',')}}`];
    rows.push([...said.map((text) => text && storableText(text)), ...kept]);
  }
  if (rows.length === 0) return;
  await tx.query(INSERT, [
    tx.orgId,
    ...Object.keys(COLUMNS).map((_, column) => textArray(rows.map((row) => row[column]!))),
  ]);
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

/** What is kept of a rejected event, as JSON. Where no text is stored, only readable events are kept: anything else may be text. */
function keptText(item: unknown, without: Without): string {
  if (!isShallow(item)) return notKept('it is nested too deeply');
  const isEvent = typeof item === 'object' && item !== null && !Array.isArray(item);
  if (without.texts && !isEvent)
    return notKept('it is not a JSON object, and this organization does not store message text');
  const { data, data_base64: base64, ...attributes } = (isEvent ? item : {}) as Record<string, unknown>;
  const unreadable = typeof data === 'string' || base64 !== undefined;
  const json = JSON.stringify(storableJson(without.texts && unreadable ? attributes : item, without));
  if (json.length <= MAX_KEPT_BYTES) return json;
  const beginning =
    without.texts || without.paths ? `${json.length} characters` : json.slice(0, KEPT_BEGINNING).toWellFormed();
  return JSON.stringify({ $truncated: beginning });
}

function notKept($notKept: string): string {
  return JSON.stringify({ $notKept });
}

const columns = `
      dead_letter_id as "deadLetterId",
      received_at as "receivedAt",
      source,
      event_id as "eventId",
      code,
      path,
      message,
      event,
      scopes`;

/** The newest dead letters first; `id` selects a single one. */
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
