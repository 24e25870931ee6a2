import type { Database } from '../db/database.js';
import { requestJob } from '../db/job-queue.js';

/** What the queue of background jobs calls it. */
export const REFRESH_JOB = 'refresh_rollups';
/** From the first event on: sums of slots are that far behind at least, and what came in meanwhile is refreshed together. */
const WAIT_MS = 2_000;

/** Requests that the sums of organizations are refreshed after events came in. What is lost is found within a minute. */
export class Refreshes {
  readonly #waiting = new Set<string>();

  constructor(private readonly database: Database) {}

  /** Never fails, and does not need to be awaited. */
  note(orgId: string): void {
    if (this.#waiting.has(orgId)) return;
    this.#waiting.add(orgId);
    const request = (): void => {
      this.#waiting.delete(orgId);
      this.database.inOrganization(orgId, (tx) => requestJob(tx, REFRESH_JOB)).catch(() => {});
    };
    setTimeout(request, WAIT_MS).unref();
  }
}
