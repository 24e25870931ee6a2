import type { Database, Transaction } from '../db/database.js';
import type { Defaults } from './plan.js';
import { ORGANIZATION_SCOPE } from './scope.js';

/**
 * For the sorts and hashes of a large organization's window, measured on 200,000 runs: the default of 4 MB spills them
 * to disk, and sorting whole rows for a `count(distinct)` takes longer than sorting the values.
 */
const PLANNER_SETTINGS = `
  select set_config(name, wanted, true)
  from (values ('work_mem', '32MB'), ('enable_presorted_aggregate', 'off')) as settings(name, wanted)
  join pg_settings using (name)`;

/** One snapshot of the organization, with its settings, for everything that a request asks. */
export async function inSnapshot<T>(
  database: Database,
  orgId: string,
  work: (tx: Transaction, defaults: Defaults) => Promise<T>,
): Promise<T> {
  const answer = async (tx: Transaction): Promise<T> => {
    await tx.query(PLANNER_SETTINGS);
    return work(tx, await organizationDefaults(tx));
  };
  return database.inOrganization(orgId, answer, { readOnly: true });
}

/** A run 100 years after a handoff follows it as well as one later: what keeps the sum of both a time. */
const LONGEST_POST_HANDOFF_MS = 100 * 365 * 86_400_000;

async function organizationDefaults(tx: Transaction): Promise<Defaults> {
  const { rows } = await tx.query<{ timezone: string; post_handoff_ms: string }>(
    `
    select timezone, post_handoff_ms
    from organizations
    where org_id = $1`,
    [tx.orgId],
  );
  return {
    timezone: rows[0]?.timezone ?? 'UTC',
    postHandoffMs: Math.min(Number(rows[0]?.post_handoff_ms ?? 86_400_000), LONGEST_POST_HANDOFF_MS),
    scope: ORGANIZATION_SCOPE,
  };
}
