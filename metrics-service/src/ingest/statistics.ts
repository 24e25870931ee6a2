import type { Database } from '../db/database.js';
import { requestJob } from '../db/job-queue.js';

const LEAST_EVENTS = 2_000;

/**
 * Refreshes PostgreSQL's statistics: without them plans are poor on tables that have grown many times over. Never fails,
 * since autovacuum will do it later.
 */
export async function analyzeTables(database: Database): Promise<void> {
  await database.query('select analyze_tables()').catch(() => {});
}

/** What the queue of background jobs calls it. */
export const STATISTICS_JOB = 'statistics';

/**
 * Keeps the planner's statistics fresh during large imports: autovacuum runs once a minute, and until then a query over
 * a first import takes seconds. Refreshes them whenever the number of events is four times what it was.
 */
export class Statistics {
  #accepted = 0;
  #since = 0;

  constructor(private readonly database: Database) {}

  /** Counts accepted events; never fails, and does not need to be awaited. */
  note(orgId: string, accepted: number): void {
    this.#accepted += accepted;
    this.#since += accepted;
    if (this.#since < Math.max(LEAST_EVENTS, (this.#accepted * 3) / 4)) return;
    this.#since = 0;
    const request = this.database.inOrganization(orgId, (tx) => requestJob(tx, STATISTICS_JOB, { shared: true }));
    // autovacuum will do it later
    request.catch(() => {});
  }
}
