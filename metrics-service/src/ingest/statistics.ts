import type { Database } from '../db/database.js';
import { requestJob } from '../db/job-queue.js';

const LEAST_EVENTS = 2_000;

/**
 * Has PostgreSQL look at the tables anew: on tables that have grown many times over since, its plans are poor. Never
 * fails: otherwise autovacuum will do it.
 */
export async function analyzeTables(database: Database): Promise<void> {
  await database.query('select analyze_tables()').catch(() => {});
}

/** What the queue of background jobs calls it. */
export const STATISTICS_JOB = 'statistics';

/**
 * Keeps the planner's statistics fresh while much comes in at once: autovacuum looks once a minute, and until then
 * a question over a first import takes seconds. Has them made again whenever the events have doubled.
 */
export class Statistics {
  #accepted = 0;
  #since = 0;

  constructor(private readonly database: Database) {}

  /** Notes accepted events; never fails, and nobody waits for it. */
  note(orgId: string, accepted: number): void {
    this.#accepted += accepted;
    this.#since += accepted;
    if (this.#since < Math.max(LEAST_EVENTS, this.#accepted / 2)) return;
    this.#since = 0;
    const request = this.database.inOrganization(orgId, (tx) => requestJob(tx, STATISTICS_JOB, { shared: true }));
    // otherwise autovacuum will do it
    request.catch(() => {});
  }
}
