import type { Database, Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import { callCost } from './call-cost.js';
import { fingerprintRuns, nameRepositories } from './catch-up.js';
import { deriveRequests } from './derive-requests.js';
import { towards } from './prices-hash.js';
import { lockIngest } from './record.js';
import { deriveRuns, saveRuns } from './runs.js';

const PAGE = 2_000;
/**
 * Updates an organization's costs to the current price table, if they were computed with another one: pages of calls,
 * then pages of runs, each in a short transaction, so that ingest continues in between. It may be interrupted and
 * started again. A version with other prices also fills in what older versions did not derive (catch-up.ts). If an older
 * version of the service ingests at the same time, with its own prices, this has to be done again afterwards. Returns
 * whether there was anything to do.
 */
export async function reprice(
  database: Database,
  orgId: string,
  prices: PriceTable,
  signal?: AbortSignal,
): Promise<boolean> {
  const priced = await pricesHash(database, orgId);
  if (priced === prices.hash) return false;
  // if this is interrupted here, a successor must not take the half that is done for the whole
  await database.inOrganization(orgId, (tx) => movePricesHash(tx, priced, towards(prices.hash)));
  for (const page of [repriceCalls, repriceRuns, fingerprintRuns, nameRepositories]) {
    let after: string | null = '';
    while (after !== null) {
      signal?.throwIfAborted();
      const from: string = after;
      after = await database.inOrganization(orgId, async (tx) => {
        await lockIngest(tx);
        return page(tx, prices, from);
      });
    }
  }
  await database.inOrganization(orgId, async (tx) => {
    await lockIngest(tx);
    await movePricesHash(tx, towards(prices.hash), prices.hash);
  });
  return true;
}

/** The organizations whose costs were computed with another price table. */
export async function organizationsToReprice(database: Database, prices: PriceTable): Promise<string[]> {
  const { rows } = await database.query<{ org_id: string }>(`select org_id from list_organizations_to_reprice($1)`, [
    prices.hash,
  ]);
  return rows.map(({ org_id }) => org_id);
}

async function movePricesHash(tx: Transaction, from: string | null, to: string): Promise<void> {
  await tx.query(
    `
    update ingest_state
    set prices_hash = $3
    where org_id = $1
      and prices_hash is not distinct from $2`,
    [tx.orgId, from, to],
  );
}

/** The hash of the price table with which an organization's costs are computed; null before its first event. */
export async function pricesHash(database: Database, orgId: string): Promise<string | null> {
  const { rows } = await database.inOrganization(
    orgId,
    (tx) =>
      tx.query<{ prices_hash: string | null }>(`select prices_hash from ingest_state where org_id = $1`, [tx.orgId]),
    { readOnly: true },
  );
  return rows[0]?.prices_hash ?? null;
}

/** Reprices one page of calls and the runs they belong to; returns the last id, null at the end. */
async function repriceCalls(tx: Transaction, prices: PriceTable, after: string): Promise<string | null> {
  const { rows } = await tx.query<
    Record<string, unknown> & {
      call_id: string;
      run_id: string | null;
      request: string | null;
      at: Date;
      cost_nanos: string | null;
      cache_savings_nanos: string | null;
    }
  >(
    `
    select *
    from llm_calls
    where org_id = $1
      and call_id > $2
    order by call_id
    limit ${PAGE}`,
    [tx.orgId, after],
  );
  const alone = rows.filter(({ request }) => request === null);
  const ofRequests = rows.filter(({ request }) => request !== null).map(({ call_id }) => call_id);
  const { touchedRuns } = await deriveRequests(tx, { calls: [], others: ofRequests, runs: [], sessionIds: [] }, prices);
  const changed = alone
    .map((row) => ({ row, ...callCost({ ...row, at: row.at.toISOString() }, prices) }))
    .filter(
      ({ row, costNanos, cacheSavingsNanos }) =>
        costNanos !== row.cost_nanos || cacheSavingsNanos !== row.cache_savings_nanos,
    );
  const runs = new Set([...touchedRuns, ...changed.flatMap(({ row }) => row.run_id ?? [])]);
  if (changed.length > 0) {
    await tx.query(
      `
      update llm_calls c
      set cost_nanos = priced."costNanos", cache_savings_nanos = priced."cacheSavingsNanos"
      from json_to_recordset($2::json) as priced (call_id text, "costNanos" numeric, "cacheSavingsNanos" numeric)
      where c.org_id = $1
        and c.call_id = priced.call_id`,
      [tx.orgId, JSON.stringify(changed.map(({ row, ...priced }) => ({ call_id: row.call_id, ...priced })))],
    );
  }
  saveRuns(tx, await deriveRuns(tx, [], runs, prices));
  return rows.at(-1)?.call_id ?? null;
}

/**
 * Derives again one page of the runs whose usage was reported per run, and of those without a cost, which an earlier
 * version left unknown if any part was. Returns the last id, null at the end.
 */
async function repriceRuns(tx: Transaction, prices: PriceTable, after: string): Promise<string | null> {
  const { rows } = await tx.query<{ run_id: string }>(
    `
    select run_id
    from runs
    where org_id = $1
      and run_id > $2
      and (completed_usage is not null or progress_usage is not null or cost_nanos is null)
    order by run_id
    limit ${PAGE}`,
    [tx.orgId, after],
  );
  saveRuns(tx, await deriveRuns(tx, [], new Set(rows.map((row) => row.run_id)), prices));
  return rows.at(-1)?.run_id ?? null;
}
