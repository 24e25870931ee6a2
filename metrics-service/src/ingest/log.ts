import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../db/database.js';
import { storableJson, type Json } from './json.js';
import type { ParsedEvent } from './parse.js';

/** An event as the log holds it. */
export interface LoggedEvent {
  source: string;
  id: string;
  type: string;
  /** ISO 8601 */
  time: string;
  data: Json;
  attributes: Json;
}

export function toLogged(event: ParsedEvent, withoutText: boolean): LoggedEvent {
  return {
    source: event.source,
    id: event.id,
    type: event.type,
    time: new Date(event.timeMs).toISOString(),
    data: storableJson(event.raw, withoutText),
    attributes: event.attributes === null ? null : storableJson(event.attributes, withoutText),
  };
}

/** An event's identity within its organization, as one text. */
export function eventKey(event: { source: string; id: string }): string {
  return `${event.source}\0${event.id}`;
}

/** Appends events (no two of one key); answers the keys of those that were not in the log yet. */
export async function appendEvents(tx: Transaction, events: LoggedEvent[]): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const { rows } = await tx.query<{ source: string; id: string }>(
    `
    insert into events (org_id, source, id, type, time, data, attributes)
    select $1, source, id, type, time, data, attributes
    from json_to_recordset($2::json) as sent (
      source text, id text, type text, time timestamptz, data jsonb, attributes jsonb
    )
    on conflict (org_id, source, id) do nothing
    returning source, id`,
    [tx.orgId, JSON.stringify(events)],
  );
  return new Set(rows.map(eventKey));
}

/** The logged events of these keys, by key. */
export async function readEvents(
  tx: Transaction,
  keys: { source: string; id: string }[],
): Promise<Map<string, LoggedEvent>> {
  if (keys.length === 0) return new Map();
  const { rows } = await tx.query<Omit<LoggedEvent, 'time'> & { time: Date }>(
    `
    select e.source, e.id, e.type, e.time, e.data, e.attributes
    from unnest($2::text[], $3::text[]) as wanted (source, id)
    join events e
      on e.org_id = $1
      and e.source = wanted.source
      and e.id = wanted.id
    where e.org_id = $1`,
    [tx.orgId, keys.map((key) => key.source), keys.map((key) => key.id)],
  );
  return new Map(rows.map((row) => [eventKey(row), { ...row, time: row.time.toISOString() }]));
}

/**
 * Whether two events of one key say the same. Texts that one of them does not hold, because the organization did
 * not store text then, do not count.
 */
export function sameContent(a: LoggedEvent, b: LoggedEvent): boolean {
  if (a.type !== b.type || a.time !== b.time) return false;
  if (isDeepStrictEqual(a.data, b.data)) return true;
  return (
    isDeepStrictEqual(storableJson(a.data, true), storableJson(b.data, true)) && !(hasText(a.data) && hasText(b.data))
  );
}

function hasText(data: Json): boolean {
  return !isDeepStrictEqual(data, storableJson(data, true));
}
