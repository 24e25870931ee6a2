import { readAll } from '../db/cursor.js';
import type { Database, Transaction } from '../db/database.js';
import { entities } from '../entities/index.js';
import { prunable, pruneValues, type PruneCounts, type PrunedKind } from './prunable.js';
import { lockIngest } from './record.js';
import { analyzeTables } from './statistics.js';

/** In one transaction go at most so many entities with their events: ingest waits that long. A run may have many calls. */
const BATCH = 200;

/** What each kind is counted as; sessions when the others have gone. */
const STEPS: readonly [kind: PrunedKind, counted: keyof PruneCounts][] = [
  ['message', 'messages'],
  ['handoff', 'handoffs'],
  ['run', 'runs'],
  ['llm_call', 'calls'],
  ['session', 'sessions'],
];

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
  const counts = { sessions: 0, runs: 0, messages: 0, handoffs: 0, calls: 0, events: 0, deadLetters: 0 };
  for (const [kind, counted] of STEPS) {
    await eachBatch(database, orgId, kind, before, async (ids) => {
      await database.inOrganization(orgId, async (tx) => {
        await lockIngest(tx);
        const gone = await removeRows(tx, kind, ids, before);
        if (gone.length === 0) return;
        const calls = kind === 'run' ? await removeParts(tx, gone) : [];
        counts.events += await removeEvents(tx, [
          ...gone.map((id) => `${kind}:${id}`),
          ...calls.map((id) => `llm_call:${id}`),
        ]);
        counts[counted] += gone.length;
        counts.calls += calls.length;
      });
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
  kind: PrunedKind,
  before: Date,
  work: (ids: string[]) => Promise<void>,
): Promise<void> {
  const { table, idColumn } = entities[kind];
  const { alias, condition } = prunable[kind];
  const sql = `
    select ${idColumn} as id
    from ${table} ${alias}
    where org_id = $1
      and ${condition}`;
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
async function removeRows(tx: Transaction, kind: PrunedKind, ids: string[], before: Date): Promise<string[]> {
  const { table, idColumn } = entities[kind];
  const { alias, condition } = prunable[kind];
  const { rows } = await tx.query<{ id: string }>(
    `
    delete from ${table} ${alias}
    where org_id = $1
      and ${idColumn} = any($4::text[])
      and ${condition}
    returning ${idColumn} as id`,
    [...pruneValues(tx.orgId, before), ids],
  );
  return rows.map(({ id }) => id);
}

/** Deletes the runs' sums by model and their calls; answers the ids of the calls. */
async function removeParts(tx: Transaction, runIds: string[]): Promise<string[]> {
  tx.write(`delete from run_models where org_id = $1 and run_id = any($2::text[])`, [tx.orgId, runIds]);
  const { rows } = await tx.query<{ id: string }>(
    `delete from llm_calls where org_id = $1 and run_id = any($2::text[]) returning call_id as id`,
    [tx.orgId, runIds],
  );
  return rows.map(({ id }) => id);
}

/** Deletes all events about these from the log; answers how many there were. */
async function removeEvents(tx: Transaction, names: string[]): Promise<number> {
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
      set newest_event_at = (select max(time) from events where org_id = $1)
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
