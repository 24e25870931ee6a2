import type { Transaction } from '../db/database.js';
import { textArray } from '../db/text-array.js';
import { STATED_AT } from './future.js';
import type { ParsedEvent } from './parse.js';

/** The source of `session.settled`, which the service writes itself: it tells of no sender, and of no time. */
export const SETTLE_SOURCE = 'runboard:settle';

/** The events that senders sent. */
export function ofSenders(events: readonly ParsedEvent[]): ParsedEvent[] {
  return events.filter(({ source }) => source !== SETTLE_SOURCE);
}

/** What is set by hand, once: whoever sent it is no source that could fall silent. */
function isOfWork({ type }: ParsedEvent): boolean {
  return !type.startsWith('budget.');
}

/** Advances the newest time of each source of work that the events come from. */
export function advanceSources(tx: Transaction, accepted: readonly ParsedEvent[]): void {
  const newest = new Map<string, number>();
  for (const { source, timeMs } of accepted.filter(isOfWork))
    newest.set(source, Math.max(newest.get(source) ?? 0, timeMs));
  tx.write(
    `
    insert into sources (org_id, source, newest_event_at)
    select $1, said.source, said.at
    from unnest($2::text[], $3::timestamptz[]) as said (source, at)
    on conflict (org_id, source) do update
    set newest_event_at = excluded.newest_event_at
    where sources.newest_event_at < excluded.newest_event_at`,
    [tx.orgId, textArray([...newest.keys()]), [...newest.values()].map((ms) => new Date(ms).toISOString())],
  );
}

/** Reads the sources from the log again, after events have left it or changed their source. */
export async function readSourcesAgain(tx: Transaction): Promise<void> {
  await tx.query(`select set_config('enable_seqscan', 'on', true), set_config('statement_timeout', '0', true)`);
  await tx.query(`delete from sources where org_id = $1`, [tx.orgId]);
  await tx.query(
    `
    insert into sources (org_id, source, newest_event_at)
    select org_id, source, max(${STATED_AT})
    from events
    where org_id = $1
      and source <> '${SETTLE_SOURCE}'
      and not (entity >= 'budget:' and entity < 'budget;')
    group by org_id, source`,
    [tx.orgId],
  );
}
