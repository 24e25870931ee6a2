import { readOrganization } from '../access/organizations.js';
import { sightOf } from '../access/sight.js';
import type { Asker } from '../access/viewer.js';
import type { Database, Transaction } from '../db/database.js';
import type { Defaults } from './plan.js';

/**
 * For the sorts and hashes of a large organization's window, measured on 200,000 runs: the default of 4 MB spills them
 * to disk, and sorting whole rows for a `count(distinct)` takes longer than sorting the values.
 */
const PLANNER_SETTINGS = `
  select set_config(name, wanted, true)
  from (values ('work_mem', '32MB'), ('enable_presorted_aggregate', 'off')) as settings(name, wanted)
  join pg_settings using (name)`;

/** One snapshot of the organization, with its settings and what the asker sees, for everything that a request asks. */
export async function inSnapshot<T>(
  database: Database,
  { orgId, viewer }: Asker,
  work: (tx: Transaction, defaults: Defaults) => Promise<T>,
): Promise<T> {
  const answer = async (tx: Transaction): Promise<T> => {
    await tx.query(PLANNER_SETTINGS);
    return work(tx, await defaultsFor(tx, viewer));
  };
  return database.inOrganization(orgId, answer, { readOnly: true });
}

/** A run 100 years after a handoff follows it as well as one later: what keeps the sum of both a time. */
const LONGEST_POST_HANDOFF_MS = 100 * 365 * 86_400_000;

async function defaultsFor(tx: Transaction, viewer: Asker['viewer']): Promise<Defaults> {
  const organization = await readOrganization(tx);
  if (!organization) return { timezone: 'UTC', postHandoffMs: 0, scope: GONE };
  const { timezone, postHandoffMs } = organization;
  const { scope } = await sightOf(tx, viewer, organization);
  return { timezone, postHandoffMs: Math.min(postHandoffMs, LONGEST_POST_HANDOFF_MS), scope };
}

const GONE = { kind: 'nothing', said: 'you see nothing: the organization is gone' } as const;
