import type { Transaction } from './database.js';

/**
 * Asks for a job in the background, in the caller's transaction: once for all requests of the organization until it
 * begins (`shared`: of all organizations); one that runs already is run again. A job is a nudge: what there is to do stands
 * in the tables, so one that is lost or done twice does no harm. `unlessRunning`: nothing, where it has begun lately.
 */
export async function requestJob(
  tx: Transaction,
  task: string,
  { shared = false, unlessRunning = false } = {},
): Promise<void> {
  await tx.query(`select graphile_worker.request_job($1, $2, $3)`, [task, shared, unlessRunning]);
}

/** Takes back all jobs of the transaction's organization. */
export async function forgetJobs(tx: Transaction): Promise<void> {
  await tx.query(`select graphile_worker.forget_jobs()`);
}
