import { writeAuditEntry } from '../access/audit.js';
import type { EventType } from '../contract/events.js';
import { readAll } from '../db/cursor.js';
import type { Database, Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { rememberErased } from '../ingest/erased.js';
import { eventKey, type LoggedEvent } from '../ingest/log.js';
import { derivePersons, idsOfPerson } from '../ingest/persons.js';
import { lockIngest } from '../ingest/record.js';
import { readSourcesAgain } from '../ingest/sources.js';
import { analyzeTables } from '../ingest/statistics.js';
import type { Json } from '../contract/json.js';
import { entitiesByOrigin, isLong, withoutWords } from './erase-origins.js';
import { anyWord, budgetsNaming, entitiesOf, wordsOf } from './erasable.js';
import { eraseFilters, eraseOwn, eraseRows, renameInStamps, type RowCounts } from './erase-rows.js';
import { erasedIds, namesIn, withWords, type ErasedIds, type Erasure } from './erasure.js';
import { keepBranchLinks } from './keep-links.js';
import { withoutPerson } from './personal.js';

const BATCH = 2_000;

/** Rows of each entity, events about them, and deleted rejected events that name the person. */
export type EraseCounts = RowCounts & { events: number; deadLetters: number };

export interface Erased {
  counts: EraseCounts;
  /** the person's ids (if they are replaced), names and e-mails */
  words: string[];
  /** what the person is shown as from now on */
  shownAs: string;
}

/**
 * Erases a person, under all of their ids, from an organization's log, tables and dead letters; every number stays. One
 * transaction under the ingest lock: at any moment the tables match the log. Null: no such user is named anywhere.
 */
export async function eraseUser(
  database: Database,
  orgId: string,
  erasure: Erasure,
  onProgress: (events: number) => void = () => {},
): Promise<Erased | null> {
  const erased = await database.inOrganization(orgId, async (tx) => {
    await lockIngest(tx);
    await tx.query(SETTINGS);
    const { personId, ids } = await idsOfPerson(tx, erasure.userId);
    const replaced = erasedIds(ids, erasure);
    const named = await entitiesOf(tx, ids);
    await keepBranchLinks(tx, named);
    await tx.query(SETTINGS);
    const words = await wordsOf(tx, replaced);
    const called = withWords(replaced, words, personId);
    const erasing = { ids: replaced, called, pseudonym: erasure.pseudonym };
    const entities = [...named, ...(await budgetsNaming(tx, [...ids, ...words]))];
    let events = 0;
    for await (const page of readAll<FoundEvent>(tx, findEvents(orgId, entities), BATCH)) {
      await eraseEvents(tx, page, erasing);
      events += page.length;
      onProgress(events);
    }
    events += await eraseOrigins(tx, words, erasing.pseudonym);
    if (events > 0) await readSourcesAgain(tx);
    const rows = await eraseRows(tx, entities, erasing.ids);
    await eraseOwn(tx, entities, erasing.ids);
    await eraseFilters(tx, entities, called);
    await derivePersons(tx);
    const deadLetters = await removeDeadLetters(tx, [...ids, ...words]);
    if (entities.length === 0 && deadLetters === 0) return null;
    const counts = { ...rows, events, deadLetters };
    // without anything that would reveal who it was
    writeAuditEntry(tx, { actor: erasure.actor, action: 'user erased', details: { ...counts } });
    return { counts, words, shownAs: erasing.ids.get(personId)! };
  });
  // the planner's statistics quote frequent values, among them names
  if (erased) await analyzeTables(database);
  return erased;
}

/** Everything is read here, while ingest looks rows up by key. */
const SETTINGS = `
  select
    set_config('statement_timeout', '0', true),
    set_config('enable_seqscan', 'on', true),
    set_config('enable_hashjoin', 'on', true),
    set_config('enable_mergejoin', 'on', true)`;

interface FoundEvent extends Omit<LoggedEvent, 'time' | 'type'>, Record<string, unknown> {
  type: EventType;
  entity: string;
  /** its position among all of them */
  place: string;
}

/**
 * All events about the entities. Their ids and sources may reveal the person (an e-mail, a machine's name), so they are
 * numbered instead. Of events with equal times the greater id wins, so the numbers keep that order.
 */
function findEvents(orgId: string, entities: string[]): { sql: string; values: unknown[] } {
  const sql = `
    select
      wanted.entity,
      e.source,
      e.id,
      e.rank,
      e.type,
      e.data,
      e.attributes,
      row_number() over (order by e.time, e.id, e.source, e.rank) as place
    from unnest($2::text[]) as wanted (entity)
    join events e
      on e.org_id = $1
      and e.entity = wanted.entity`;
  return { sql, values: [orgId, entities] };
}

/** An event of the log as it stands from now on. */
interface Renamed {
  readonly source: string;
  readonly id: string;
  readonly data: Json;
  readonly attributes: Json;
}

/** Rewrites events about the person. */
async function eraseEvents(
  tx: Transaction,
  found: FoundEvent[],
  { ids, called, pseudonym }: { ids: ErasedIds; called: ErasedIds; pseudonym: string },
): Promise<void> {
  const isOthers = (entity: string): boolean => entity.startsWith('user:') && !ids.has(entity.slice('user:'.length));
  const renamed = found.map(({ type, data, entity, place }) => ({
    source: pseudonym,
    id: place.padStart(9, '0'),
    data: withoutPerson(type, data, { ids: namesIn(entity, { ids, called }), isOthers: isOthers(entity) }),
    attributes: null,
  }));
  await rename(tx, found, renamed);
}

/**
 * What others said stays; the person's words go from what those events are called by. All events about the same are
 * numbered, so that the order of their ids stays. Answers how many.
 */
async function eraseOrigins(tx: Transaction, words: string[], pseudonym: string): Promise<number> {
  const originOf = withoutWords(words, pseudonym);
  const entities = await entitiesByOrigin(tx, words);
  let events = 0;
  for await (const page of readAll<FoundEvent>(tx, findEvents(tx.orgId, entities), BATCH)) {
    const renamed = page.map((event) => ({
      ...originOf(event),
      id: `${pseudonym}-${event.place.padStart(9, '0')}`,
      data: event.data,
    }));
    await rename(tx, page, renamed);
    events += page.length;
  }
  return events;
}

/** Rewrites events of the log, and updates the rows' stamps of which event won. */
async function rename(tx: Transaction, found: FoundEvent[], renamed: Renamed[]): Promise<void> {
  rememberErased(tx, found);
  tx.write(
    `
    update events e
    set
      source = erased.new_source,
      id = erased.new_id,
      data = erased.data::jsonb,
      attributes = erased.attributes::jsonb
    from unnest($2::text[], $3::text[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[])
      as erased (source, id, rank, new_source, new_id, data, attributes)
    where e.org_id = $1
      and e.source = erased.source
      and e.id = erased.id
      and e.rank = erased.rank`,
    [
      tx.orgId,
      textArray(found.map(({ source }) => source)),
      textArray(found.map(({ id }) => id)),
      found.map(({ rank }) => rank),
      textArray(renamed.map(({ source }) => source)),
      textArray(renamed.map(({ id }) => id)),
      textArray(renamed.map(({ data }) => JSON.stringify(data))),
      textArray(renamed.map(({ attributes }) => (attributes === null ? null : JSON.stringify(attributes)))),
    ],
  );
  await renameInStamps(
    tx,
    found.map(({ entity }) => entity),
    new Map(found.map((event, index) => [eventKey(event), renamed[index]!])),
  );
}

/** Rejected events that name the person anywhere: they contribute to no number, and may hold anything. */
async function removeDeadLetters(tx: Transaction, words: string[]): Promise<number> {
  const { rowCount } = await tx.query(
    `
    delete from dead_letters d
    where d.org_id = $1
      and (
        jsonb_path_exists(d.event, 'strict $.** ? (@ == $words[*])', jsonb_build_object('words', $2::text[]))
        or concat_ws(' ', d.source, d.event_id, d.message, d.event) ~* $3
      )`,
    [tx.orgId, words, anyWord(words.filter(isLong))],
  );
  return rowCount;
}
