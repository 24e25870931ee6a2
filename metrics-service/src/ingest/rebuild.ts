import type { Database, Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import { applyEvents } from './apply.js';
import { ENTITIES } from '../entities/index.js';
import { statedMs } from './future.js';
import type { EventKey } from './log.js';
import { toldBy } from './heard-of.js';
import { parseEvent, type ParsedEvent } from './parse.js';
import { lockIngest, moveState } from './record.js';
import { analyzeTables } from './statistics.js';

const PAGE = 2_000;

export interface RebuildResult {
  events: number;
  /** events of the log that are no longer valid, and why; they are left out of the tables */
  unreadable: { source: string; id: string; reason: string }[];
}

/**
 * Rebuilds an organization's tables from its log in one transaction: readers see the old rows until it is done, ingest
 * waits. The result is the same as that of ingesting the events (design section 4, promise 6).
 */
export async function rebuild(
  database: Database,
  orgId: string,
  prices: PriceTable,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<RebuildResult> {
  const rebuilt = await database.inOrganization(orgId, async (tx) => {
    await tx.query('set local statement_timeout to 0');
    await lockIngest(tx);
    const { rows } = await tx.query<{ total: string }>(`select count(*) as total from events where org_id = $1`, [
      orgId,
    ]);
    const total = Number(rows[0]!.total);
    for (const table of ENTITIES.flatMap((one) => [one.table, ...Object.keys(one.parts ?? {})])) {
      await tx.query(`delete from ${table} where org_id = $1`, [orgId]);
    }
    await tx.query(`delete from persons where org_id = $1`, [orgId]);
    await tx.query(`delete from sources where org_id = $1`, [orgId]);
    await tx.query(`update ingest_state set newest_event_at = null, first_event_at = null where org_id = $1`, [orgId]);
    const result: RebuildResult = { events: 0, unreadable: [] };
    let after: EventKey = { source: '', id: '', rank: 0 };
    for (;;) {
      const page = await readPage(tx, after);
      if (page.length === 0) return result;
      const events: ParsedEvent[] = [];
      for (const { receivedAt, rank: runboardrank, ...logged } of page) {
        const time = new Date(statedMs(logged.time.getTime(), receivedAt.getTime())).toISOString();
        // its rights were checked when it was received
        const parsed = parseEvent({ specversion: '1.0', ...logged, runboardrank, time });
        if (parsed.event) {
          toldBy(parsed.event.statement, receivedAt.getTime());
          events.push(parsed.event);
        } else
          result.unreadable.push({
            source: logged.source,
            id: logged.id,
            reason: `${parsed.fault.path} ${parsed.fault.message}`,
          });
      }
      await applyEvents(tx, events, prices);
      moveState(tx, events, prices);
      after = page.at(-1)!;
      result.events += page.length;
      onProgress(result.events, total);
    }
  });
  await analyzeTables(database);
  return rebuilt;
}

async function readPage(tx: Transaction, after: EventKey) {
  const { rows } = await tx.query<EventKey & { type: string; time: Date; receivedAt: Date; data: unknown }>(
    `
    select source, id, rank, type, time, received_at as "receivedAt", data
    from events
    where org_id = $1
      and (source, id, rank) > ($2, $3, $4::smallint)
    order by source, id, rank
    limit ${PAGE}`,
    [tx.orgId, after.source, after.id, after.rank],
  );
  return rows;
}
