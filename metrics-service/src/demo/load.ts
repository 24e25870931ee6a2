import { createOrganization, listOrganizations } from '../access/organizations.js';
import type { Database } from '../db/database.js';
import type { Ingest } from '../ingest/index.js';
import { EVERYTHING } from '../ingest/rights.js';
import type { CloudEvent } from '../contract/cloud-event.js';
import { DEMO_SOURCE } from './event.js';
import { demoEvents, LAST_EVENT_ID } from './index.js';

export const DEMO_ORGANIZATION = 'demo';
const EVENTS_AT_A_TIME = 2_000;

export interface DemoLoaded {
  /** events that are new; 0 if the demo was loaded before */
  accepted: number;
  /** false: it was stopped before the end; the next call continues */
  complete: boolean;
}

/**
 * Creates the demo organization and loads its events through the ordinary ingest, once. They are relative to the creation
 * of the organization, so that a load after an interruption sends the same events and nothing counts twice.
 * @throws Error if ingest rejects one: the generator has a bug, or an organization `demo` of somebody else exists
 */
export async function loadDemo(
  { database, ingest }: { database: Database; ingest: Ingest },
  options: { signal?: AbortSignal; onProgress?: (events: number) => void } = {},
): Promise<DemoLoaded> {
  // its people are invented, so the public board may show it, and its paths and texts may be kept
  const settings = {
    name: 'Nowhere Inc. (demo)',
    publicVisibility: 'totals',
    storePaths: true,
    storeText: true,
  } as const;
  await createOrganization(database, DEMO_ORGANIZATION, settings);
  if (await isLoaded(database)) return { accepted: 0, complete: true };
  let [accepted, sent] = [0, 0];
  for (const batch of batchesOf(demoEvents(await madeAt(database)), EVENTS_AT_A_TIME)) {
    if (options.signal?.aborted) return { accepted, complete: false };
    const answer = await ingest.ingest(DEMO_ORGANIZATION, batch, EVERYTHING);
    const [rejected] = answer.rejected;
    if (rejected) throw new Error(`an event of the demo was rejected: ${rejected.path} ${rejected.message}`);
    accepted += answer.accepted;
    options.onProgress?.((sent += batch.length));
  }
  return { accepted, complete: true };
}

async function madeAt(database: Database): Promise<number> {
  const organizations = await listOrganizations(database);
  return organizations.find(({ orgId }) => orgId === DEMO_ORGANIZATION)!.createdAt.getTime();
}

/** Batches are committed one after the other: if the log has the last event, it has all of them. */
async function isLoaded(database: Database): Promise<boolean> {
  const { rows } = await database.inOrganization(
    DEMO_ORGANIZATION,
    (tx) =>
      tx.query(
        `
        select 1
        from events
        where org_id = $1
          and source = $2
          and id = $3`,
        [DEMO_ORGANIZATION, DEMO_SOURCE, LAST_EVENT_ID],
      ),
    { readOnly: true },
  );
  return rows.length > 0;
}

function* batchesOf(events: Iterable<CloudEvent>, size: number): Generator<CloudEvent[]> {
  let batch: CloudEvent[] = [];
  for (const event of events) {
    batch.push(event);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
