import { isDeepStrictEqual } from 'node:util';
import type { Rank } from '../contract/access.js';
import type { Json } from '../contract/json.js';
import type { Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { isoWriter } from '../iso.js';
import { storableJson, WITHOUT_ALL, type Without } from './json.js';
import type { ParsedEvent } from './parse.js';
import { asText, rowsOf } from './store.js';

/** An event as the log holds it. */
export interface LoggedEvent {
  source: string;
  id: string;
  rank: Rank;
  type: string;
  /** ISO 8601 */
  time: string;
  data: Json;
  attributes: Json;
}

/** As `LoggedEvent`, ready to be written. */
export interface WritableEvent extends LoggedEvent {
  dataText: string;
  /** ISO 8601; null: now */
  receivedAt: string | null;
}

const isoOfTime = isoWriter();
const isoOfReceipt = isoWriter();

export function toLogged(event: ParsedEvent, without: Without): WritableEvent {
  const data = storableJson(event.raw, without);
  return {
    source: event.source,
    id: event.id,
    rank: event.rank,
    type: event.type,
    time: isoOfTime(event.timeMs),
    receivedAt: Number.isFinite(event.receivedMs) ? isoOfReceipt(event.receivedMs) : null,
    data,
    dataText: JSON.stringify(data),
    attributes: event.attributes === null ? null : storableJson(event.attributes, without),
  };
}

/** What identifies an event within its organization: the same event with another rank is a different one. */
export interface EventKey {
  source: string;
  id: string;
  rank: Rank;
}

/** The key as one text. */
export function eventKey({ source, id, rank }: EventKey): string {
  // for rank 1 as it was before ranks existed, because hashes of it are stored
  return rank === 1 ? `${source}\0${id}` : `${source}\0${id}\0`;
}

/** As bulkInsert writes it, but for the default. */
const INSERT_EVENTS = `
    insert into events (org_id, source, id, rank, type, time, received_at, data, attributes)
    select
      $1, source, id, rank::smallint, type, time::timestamptz,
      coalesce(received_at::timestamptz, now()), data::jsonb, attributes::jsonb
    from (${rowsOf(['source', 'id', 'rank', 'type', 'time', 'received_at', 'data', 'attributes'])}) said`;

/** Appends events that are not in the log yet, without waiting, under the organization's ingest lock. */
export function appendEvents(tx: Transaction, events: WritableEvent[]): void {
  if (events.length === 0) return;
  tx.write(INSERT_EVENTS, [
    tx.orgId,
    textArray(events.map((event) => event.source)),
    textArray(events.map((event) => event.id)),
    textArray(events.map((event) => String(event.rank))),
    textArray(events.map((event) => event.type)),
    textArray(events.map((event) => event.time)),
    textArray(events.map((event) => event.receivedAt)),
    textArray(events.map((event) => event.dataText)),
    textArray(events.map((event) => asText(event.attributes))),
  ]);
}

/** The logged events of these keys, by key. */
export async function readEvents(tx: Transaction, keys: EventKey[]): Promise<Map<string, LoggedEvent>> {
  if (keys.length === 0) return new Map();
  const { rows } = await tx.query<Omit<LoggedEvent, 'time'> & { time: Date }>(
    `
    select found.*
    from unnest($2::text[], $3::text[], $4::smallint[]) as wanted (source, id, rank)
    cross join lateral (
      select source, id, rank, type, time, data, attributes
      from events
      where org_id = $1
        and source = wanted.source
        and id = wanted.id
        and rank = wanted.rank
      offset 0
    ) found`,
    [
      tx.orgId,
      textArray(keys.map((key) => key.source)),
      textArray(keys.map((key) => key.id)),
      keys.map((key) => key.rank),
    ],
  );
  return new Map(rows.map((row) => [eventKey(row), { ...row, time: row.time.toISOString() }]));
}

/**
 * Whether two events with the same key have the same content. Texts that are missing in one of them, or paths that are
 * shortened, because the organization did not store them at the time, are ignored.
 */
export function sameContent(a: LoggedEvent, b: LoggedEvent): boolean {
  if (a.type !== b.type || a.time !== b.time) return false;
  if (isDeepStrictEqual(a.data, b.data)) return true;
  const parts = [
    { texts: true, paths: false },
    { texts: false, paths: true },
  ];
  const isInBoth = (without: Without): boolean => [a, b].every(({ data }) => holds(data, without));
  return (
    isDeepStrictEqual(storableJson(a.data, WITHOUT_ALL), storableJson(b.data, WITHOUT_ALL)) &&
    parts.every((part) => !isInBoth(part) || isDeepStrictEqual(only(a.data, part), only(b.data, part)))
  );
}

/** Whether the data has something of what would be left out. */
function holds(data: Json, without: Without): boolean {
  return !isDeepStrictEqual(data, storableJson(data, without));
}

/** The data without what of the other kind may be left out. */
function only(data: Json, { texts, paths }: Without): Json {
  return storableJson(data, { texts: !texts, paths: !paths });
}
