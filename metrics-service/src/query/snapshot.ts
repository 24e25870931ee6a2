import { readOrganization } from '../access/organizations.js';
import { resolveViewer } from '../access/resolve-viewer.js';
import type { Asker } from '../access/viewer.js';
import type { Database, Transaction } from '../db/database.js';
import type { Defaults } from './plan.js';

/** One snapshot of the organization, with its settings and what the asker sees, for everything that a request asks. */
export async function inSnapshot<T>(
  database: Database,
  { orgId, viewer }: Asker,
  work: (tx: Transaction, defaults: Defaults) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const answer = async (tx: Transaction): Promise<T> => work(tx, await defaultsFor(tx, viewer));
  return database.inOrganization(orgId, answer, { readOnly: true, signal });
}

/** A run 100 years after a handoff follows it as well as one later: what keeps the sum of both a time. */
const LONGEST_POST_HANDOFF_MS = 100 * 365 * 86_400_000;

async function defaultsFor(tx: Transaction, viewer: Asker['viewer']): Promise<Defaults> {
  const [organization, dataVersion] = await Promise.all([readOrganization(tx), readDataVersion(tx)]);
  if (!organization) return { dataVersion, timezone: 'UTC', postHandoffMs: 0, scope: GONE };
  const { timezone, postHandoffMs } = organization;
  const { scope } = await resolveViewer(tx, viewer, organization);
  return { dataVersion, timezone, postHandoffMs: Math.min(postHandoffMs, LONGEST_POST_HANDOFF_MS), scope };
}

async function readDataVersion(tx: Transaction): Promise<string> {
  const { rows } = await tx.query<{ data_version: string }>(
    `
    select data_version
    from ingest_state
    where org_id = $1`,
    [tx.orgId],
  );
  return rows[0]?.data_version ?? '0';
}

const GONE = { kind: 'nothing', said: 'you see nothing: the organization is gone' } as const;
