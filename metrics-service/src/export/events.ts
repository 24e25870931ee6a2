import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readAll } from '../db/cursor.js';
import type { Database, Transaction } from '../db/database.js';
import { eventLine, type EventRow } from '../ingest/event-line.js';

/**
 * Writes an organization's log as CloudEvents, one JSON object per line, from one snapshot and in constant memory.
 * Their order does not matter: the tables are a function of the set of events. Returns how many.
 */
export async function exportEvents(
  database: Database,
  orgId: string,
  to: Writable,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<number> {
  return database.inOrganization(
    orgId,
    async (tx) => {
      await tx.query('set local statement_timeout to 0');
      const total = await countEvents(tx);
      let done = 0;
      const lines = async function* () {
        for await (const rows of readAll<EventRow>(tx, { sql: EVENTS, values: [orgId] })) {
          yield rows.map(eventLine).join('');
          onProgress((done += rows.length), total);
        }
      };
      // one batch at a time: the next is fetched when the reader has taken this one
      await pipeline(Readable.from(lines(), { highWaterMark: 1 }), to);
      return done;
    },
    { readOnly: true },
  );
}

const EVENTS = `
  select source, id, rank, type, time, received_at as "receivedAt", data, attributes
  from events
  where org_id = $1`;

async function countEvents(tx: Transaction): Promise<number> {
  const { rows } = await tx.query<{ count: string }>(`select count(*) from events where org_id = $1`, [tx.orgId]);
  return Number(rows[0]!.count);
}
