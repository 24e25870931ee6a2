import { readAll } from '../db/cursor.js';
import type { Database, Transaction } from '../db/database.js';
import { entities, type Entity } from '../entities/index.js';
import { STATED_AT } from '../ingest/future.js';
import { lockIngest } from '../ingest/record.js';
import { analyzeTables } from '../ingest/statistics.js';
import { AGING, prunable, PRUNED, pruneValues, RUN_PARTS, type PruneCounts } from './prunable.js';

/** In one transaction go at most so many entities with their events: ingest waits that long. A run may have many calls. */
const BATCH = 200;

/**
 * Removes what was last heard of before that instant: rows and all events about them in one transaction, batch by
 * batch, so that at any moment the tables are what the log makes (design section 4, promise 6), also when this is
 * interrupted. Users stay. Answers what was removed.
 */
export async function prune(
  database: Database,
  orgId: string,
  before: Date,
  onProgress: (counts: PruneCounts) => void = () => {},
): Promise<PruneCounts> {
  const counts: PruneCounts = {
    ...Object.fromEntries(AGING.map(({ plural }) => [plural, 0])),
    events: 0,
    deadLetters: 0,
  };
  const remove = async (tx: Transaction, entity: Entity, ids: string[]): Promise<void> => {
    await lockIngest(tx);
    const gone = new Map([[entity, await removeRows(tx, entity, ids, before)]]);
    if (entity.name === 'run') {
      for (const part of RUN_PARTS) gone.set(part, await removeParts(tx, part, gone.get(entity)!));
    }
    for (const [one, removed] of gone) counts[one.plural]! += removed.length;
    counts.events += await removeEvents(
      tx,
      [...gone].flatMap(([{ name }, removed]) => removed.map((id) => `${name}:${id}`)),
    );
  };
  for (const entity of PRUNED) {
    await eachBatch(database, orgId, entity, before, async (ids) => {
      await database.inOrganization(orgId, (tx) => remove(tx, entity, ids));
      onProgress(counts);
    });
  }
  counts.deadLetters = await finish(database, orgId, before);
  if (counts.events > 0) await analyzeTables(database);
  return counts;
}

/** Ids of what may go, from a snapshot: the caller looks at each again under the lock. */
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
      // the first batch may be at the end of the table
      await tx.query('set local statement_timeout to 0');
      const batches = readAll<{ id: string }>(tx, { sql, values: pruneValues(orgId, before) }, BATCH);
      for await (const rows of batches) await work(rows.map(({ id }) => id));
    },
    { readOnly: true },
  );
}

/** Deletes those of the rows that may still go; answers their ids. */
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

/** Deletes what belongs to the runs; answers the ids. */
async function removeParts(tx: Transaction, { table, idColumn }: Entity, runIds: string[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `delete from ${table} where org_id = $1 and ${entities.run.idColumn} = any($2::text[]) returning ${idColumn} as id`,
    [tx.orgId, runIds],
  );
  return rows.map(({ id }) => id);
}

/** Deletes all events about these from the log; answers how many there were. */
async function removeEvents(tx: Transaction, names: string[]): Promise<number> {
  if (names.length === 0) return 0;
  const { rowCount } = await tx.query(
    `delete from events where org_id = $1 and event_entity(type, data) = any($2::text[])`,
    [tx.orgId, names],
  );
  return rowCount;
}

/** Deletes old dead letters, and says anew which event is the newest where that one may have gone; answers how many. */
async function finish(database: Database, orgId: string, before: Date): Promise<number> {
  return database.inOrganization(orgId, async (tx) => {
    await lockIngest(tx);
    await tx.query(
      `
      update ingest_state
      set newest_event_at = (select max(${STATED_AT}) from events where org_id = $1)
      where org_id = $1
        and newest_event_at < $2::timestamptz`,
      [orgId, before.toISOString()],
    );
    const { rowCount } = await tx.query(
      `delete from dead_letters where org_id = $1 and received_at < $2::timestamptz`,
      [orgId, before.toISOString()],
    );
    return rowCount;
  });
}
