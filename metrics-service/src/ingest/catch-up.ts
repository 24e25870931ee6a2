import { repositoryName } from '../contract/repository.js';
import type { Transaction } from '../db/database.js';
import type { PriceTable } from '../pricing/types.js';
import { deriveRuns, saveRuns } from './runs.js';

/**
 * Fills in columns that older versions of the service did not write, a page at a time, under the ingest lock. Each
 * function returns the last id of its page, null at the end.
 */
const PAGE = 2_000;

/** Computes the fingerprints of failed runs. */
export async function fingerprintRuns(tx: Transaction, prices: PriceTable, after: string): Promise<string | null> {
  const { rows } = await tx.query<{ run_id: string }>(
    `
    select run_id
    from runs
    where org_id = $1
      and run_id > $2
      and status = 'FAILED'
      and error_summary is not null
      and failure_fingerprint is null
    order by run_id
    limit ${PAGE}`,
    [tx.orgId, after],
  );
  saveRuns(tx, await deriveRuns(tx, [], new Set(rows.map((row) => row.run_id)), prices));
  return rows.at(-1)?.run_id ?? null;
}

/** Normalizes the names of repositories. */
export async function nameRepositories(tx: Transaction, _prices: PriceTable, after: string): Promise<string | null> {
  const { rows } = await tx.query<{ session_id: string; repo: string }>(
    `
    select session_id, repo
    from sessions
    where org_id = $1
      and session_id > $2
      and repo is not null
    order by session_id
    limit ${PAGE}`,
    [tx.orgId, after],
  );
  const renamed = rows.filter(({ repo }) => repositoryName(repo) !== repo);
  if (renamed.length > 0) {
    await tx.query(
      `
      update sessions s
      set repo = named.repo
      from json_to_recordset($2::json) as named (session_id text, repo text)
      where s.org_id = $1
        and s.session_id = named.session_id`,
      [tx.orgId, JSON.stringify(renamed.map(({ session_id, repo }) => ({ session_id, repo: repositoryName(repo) })))],
    );
  }
  return rows.at(-1)?.session_id ?? null;
}
