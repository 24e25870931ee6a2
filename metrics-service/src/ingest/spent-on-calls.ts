import type { Transaction } from '../db/database.js';
import { KEPT_MS } from '../entities/usage.js';
import type { SpentAt } from './cost-steps.js';
import type { ModelSum } from './run-models.js';

/** What the calls of these runs cost in the minutes up to the last one, by run; `sums` are those of all their calls. */
export async function spentOnCalls(
  tx: Transaction,
  runIds: readonly string[],
  sums: ReadonlyMap<string, readonly ModelSum[]>,
): Promise<Map<string, SpentAt[]>> {
  const wanted = runIds.filter((runId) => sums.has(runId));
  if (wanted.length === 0) return new Map();
  const { rows } = await tx.query<{ run_id: string; at: Date; nanos: string }>(COSTS, [
    tx.orgId,
    wanted,
    wanted.map((runId) => new Date(lastOf(sums.get(runId)!) - KEPT_MS).toISOString()),
  ]);
  const found = new Map<string, SpentAt[]>();
  for (const { run_id: runId, at, nanos } of rows) {
    const costs = found.get(runId) ?? [];
    found.set(runId, costs);
    costs.push({ atMs: at.getTime(), nanos: BigInt(nanos) });
  }
  return found;
}

function lastOf(sums: readonly ModelSum[]): number {
  return sums.reduce((last, { latestAt }) => Math.max(last, Date.parse(latestAt!)), 0);
}

const COSTS = `
    select wanted.run_id, calls.at, calls.nanos
    from unnest($2::text[], $3::timestamptz[]) as wanted (run_id, since)
    cross join lateral (
      select greatest(at, wanted.since) as at, coalesce(sum(cost_nanos), 0) as nanos
      from llm_calls
      where org_id = $1
        and run_id = wanted.run_id
        and counts
      group by 1
    ) calls
    order by 1, 2`;
