import type { Transaction } from './database.js';

/**
 * Requests a background job in the caller's transaction: requests of one organization (`shared`: of all) are merged
 * until it begins; a job already running runs again. A job is only a nudge, the work to do is in the tables: losing it
 * or running it twice does no harm. `unlessRunning`: no request if one began lately.
 */
export async function requestJob(
  tx: Transaction,
  task: string,
  { shared = false, unlessRunning = false } = {},
): Promise<void> {
  await tx.query(`select graphile_worker.request_job($1, $2, $3)`, [task, shared, unlessRunning]);
}

/** Removes all jobs of the transaction's organization. */
export async function forgetJobs(tx: Transaction): Promise<void> {
  await tx.query(`select graphile_worker.forget_jobs()`);
}
