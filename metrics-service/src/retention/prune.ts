import { readAll } from '../db/cursor.js';
import type { Database, Transaction } from '../db/database.js';
import { entities, type Entity } from '../entities/index.js';
import { deriveRequests } from '../ingest/derive-requests.js';
import { eventLine, type EventRow } from '../ingest/event-line.js';
import { STATED_AT } from '../ingest/future.js';
import { lockIngest } from '../ingest/record.js';
import { deriveRuns, saveRuns } from '../ingest/runs.js';
import { keysOfMessages, supersedeOfKeys } from '../ingest/superseded.js';
import { readSourcesAgain, SETTLE_SOURCE } from '../ingest/sources.js';
import { analyzeTables } from '../ingest/statistics.js';
import { loadPrices } from '../pricing/index.js';
import type { PriceTable } from '../pricing/types.js';
import { AGING, prunable, PRUNED, pruneValues, RUN_PARTS, type PruneCounts } from './prunable.js';

/** Most entities deleted in one transaction, with their events: ingest waits that long. A run may have many calls. */
const BATCH = 200;

export interface PruneOptions {
  onProgress?: (counts: PruneCounts) => void;
  prices?: PriceTable;
  /** is given the events that go, a line each; resolves when they are kept */
  archive?: ((lines: string) => Promise<void>) | undefined;
}

/**
 * Removes what was last heard of before the cutoff: rows with all events about them, in one transaction per batch, so
 * that even when interrupted the tables match the log (design section 4, promise 6). Users stay. What is to be
 * archived is, before it is gone. Returns the counts.
 */
export async function prune(
  database: Database,
  orgId: string,
  before: Date,
  { onProgress = () => {}, prices = loadPrices(), archive }: PruneOptions = {},
): Promise<PruneCounts> {
  const counts: PruneCounts = {
    ...Object.fromEntries(AGING.map(({ plural }) => [plural, 0])),
    events: 0,
    deadLetters: 0,
  };
  const remove = async (tx: Transaction, entity: Entity, found: string[]): Promise<void> => {
    await lockIngest(tx);
    const ids = entity.name === 'run' ? await withOthersOfRuns(tx, found) : found;
    const siblingCalls = await callsToldWith(tx, entity, ids);
    const keys = entity.name === 'message' ? await keysOfMessages(tx, ids) : [];
    const endings = await runsWithDerivedEnd(tx, entity, { ids, keys });
    const gone = new Map([[entity, await removeRows(tx, entity, ids, before)]]);
    if (entity.name === 'run') {
      for (const part of RUN_PARTS) gone.set(part, await removeParts(tx, part, gone.get(entity)!));
    }
    await countAnew(tx, siblingCalls, prices);
    const derived = await deriveRuns(tx, [], endings, prices);
    saveRuns(tx, derived);
    supersedeOfKeys(tx, [...keys, ...derived.retoldKeys]);
    for (const [one, removed] of gone) counts[one.plural]! += removed.length;
    const names = [...gone].flatMap(([{ name }, removed]) => removed.map((id) => `${name}:${id}`));
    counts.events += await removeEvents(tx, names, archive);
  };
  for (const entity of PRUNED) {
    await eachBatch(database, orgId, entity, before, async (ids) => {
      await database.inOrganization(orgId, (tx) => remove(tx, entity, ids));
      onProgress(counts);
    });
  }
  counts.deadLetters = await finish(database, orgId, { before, isChanged: counts.events > 0 });
  if (counts.events > 0) await analyzeTables(database);
  return counts;
}

/** Rows about one run go in one transaction. */
async function withOthersOfRuns(tx: Transaction, runIds: string[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `
    select other.run_id as id
    from runs
    join runs other
      on other.org_id = $1
      and other.key = runs.key
    where runs.org_id = $1
      and runs.run_id = any($2::text[])`,
    [tx.orgId, runIds],
  );
  return [...new Set([...runIds, ...rows.map(({ id }) => id)])];
}

/** Runs that may be derived otherwise without these: of a run, those of its session; of messages, theirs. */
async function runsWithDerivedEnd(
  tx: Transaction,
  { name }: Entity,
  { ids, keys }: { ids: string[]; keys: string[] },
): Promise<Set<string>> {
  if (name !== 'run' && keys.length === 0) return new Set();
  const { rows } = await tx.query<{ id: string }>(
    `
    select run_id as id
    from runs
    where org_id = $1
      and (
        key = any($3::text[])
        or session_id in (select session_id from runs where org_id = $1 and run_id = any($2::text[]))
      )
      and (end_is_derived or has_derived_end or superseded)
      and one_with is null`,
    [tx.orgId, name === 'run' ? ids : [], keys],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The other calls of the same requests. */
async function callsToldWith(tx: Transaction, { name }: Entity, ids: string[]): Promise<string[]> {
  if (name !== 'run' && name !== 'llm_call') return [];
  const { rows } = await tx.query<{ id: string }>(
    `
    select other.call_id as id
    from llm_calls
    join llm_calls other
      on other.org_id = $1
      and other.request = llm_calls.request
    where llm_calls.org_id = $1
      and llm_calls.${name === 'run' ? 'run_id' : 'call_id'} = any($2::text[])`,
    [tx.orgId, ids],
  );
  return [...new Set(rows.map(({ id }) => id))];
}

/** Chooses anew which remaining call counts, for requests that lost one. */
async function countAnew(tx: Transaction, callIds: string[], prices: PriceTable): Promise<void> {
  if (callIds.length === 0) return;
  const occasion = { calls: [], others: callIds, runs: [], sessionIds: [] };
  const { touchedRuns } = await deriveRequests(tx, occasion, prices);
  saveRuns(tx, await deriveRuns(tx, [], new Set(touchedRuns), prices));
}

/** Candidate ids from a snapshot: the caller checks each again under the lock. */
async function eachBatch(
  database: Database,
  orgId: string,
  entity: Entity,
  before: Date,
  work: (ids: string[]) => Promise<void>,
): Promise<void> {
  const sql = `
    select ${entity.idColumn} as id
    from ${entity.table}
    where org_id = $1
      and ${prunable(entity)}`;
  await database.inOrganization(
    orgId,
    async (tx) => {
      // the first match may be at the end of the table
      await tx.query('set local statement_timeout to 0');
      const batches = readAll<{ id: string }>(tx, { sql, values: pruneValues(orgId, before) }, BATCH);
      for await (const rows of batches) await work(rows.map(({ id }) => id));
    },
    { readOnly: true },
  );
}

/** Deletes those rows that may still go; returns their ids. */
async function removeRows(tx: Transaction, entity: Entity, ids: string[], before: Date): Promise<string[]> {
  const { table, idColumn } = entity;
  const { rows } = await tx.query<{ id: string }>(
    `
    delete from ${table}
    where org_id = $1
      and ${idColumn} = any($4::text[])
      and ${prunable(entity)}
    returning ${idColumn} as id`,
    [...pruneValues(tx.orgId, before), ids],
  );
  const removed = rows.map(({ id }) => id);
  for (const part of Object.keys(entity.parts ?? {})) {
    tx.write(`delete from ${part} where org_id = $1 and ${idColumn} = any($2::text[])`, [tx.orgId, removed]);
  }
  return removed;
}

/** Deletes what belongs to the runs; returns the ids. */
async function removeParts(tx: Transaction, { table, idColumn }: Entity, runIds: string[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `delete from ${table} where org_id = $1 and ${entities.run.idColumn} = any($2::text[]) returning ${idColumn} as id`,
    [tx.orgId, runIds],
  );
  return rows.map(({ id }) => id);
}

/** Deletes all events about these from the log, those that are to be archived first; answers how many there were. */
async function removeEvents(tx: Transaction, names: string[], archive: PruneOptions['archive']): Promise<number> {
  if (names.length === 0) return 0;
  const returning = archive
    ? 'returning source, id, rank, type, time, received_at as "receivedAt", data, attributes'
    : '';
  const { rows, rowCount } = await tx.query<EventRow>(
    `delete from events where org_id = $1 and entity = any($2::text[]) ${returning}`,
    [tx.orgId, names],
  );
  // before the commit: what is in the archive and in the log, too, counts once
  if (archive && rows.length > 0) await archive(rows.map(eventLine).join(''));
  return rowCount;
}

/** Deletes old dead letters, and recomputes the first and the newest event if they may have been deleted; returns the count. */
async function finish(
  database: Database,
  orgId: string,
  { before, isChanged }: { before: Date; isChanged: boolean },
): Promise<number> {
  return database.inOrganization(orgId, async (tx) => {
    await lockIngest(tx);
    await tx.query(
      `
      update ingest_state
      set (first_event_at, newest_event_at) = (
        select min(${STATED_AT}), max(${STATED_AT}) from events where org_id = $1 and source <> '${SETTLE_SOURCE}'
      )
      where org_id = $1
        and first_event_at < $2::timestamptz`,
      [orgId, before.toISOString()],
    );
    if (isChanged) await readSourcesAgain(tx);
    const { rowCount } = await tx.query(
      `delete from dead_letters where org_id = $1 and received_at < $2::timestamptz`,
      [orgId, before.toISOString()],
    );
    return rowCount;
  });
}
