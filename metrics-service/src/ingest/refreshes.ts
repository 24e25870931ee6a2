import type { Database } from '../db/database.js';
import { requestJob } from '../db/job-queue.js';

/** What the queue of background jobs calls it. */
export const REFRESH_JOB = 'refresh_rollups';
/** From the first event on: sums of slots are that far behind at least, and what came in meanwhile is refreshed together. */
const WAIT_MS = 2_000;
/**
 * With so many events in that time it waits once more, as an import writes the same slots again and again; not longer,
 * because sums are to be made anew within 5 s of an event.
 */
const MANY_EVENTS = 2_000;
const MOST_WAITS = 2;

/** Requests that the sums of organizations are refreshed after events came in. What is lost is found within a minute. */
export class Refreshes {
  readonly #waiting = new Map<string, { events: number; waits: number }>();

  constructor(private readonly database: Database) {}

  /** Never fails, and does not need to be awaited. */
  note(orgId: string, events: number): void {
    const known = this.#waiting.get(orgId);
    if (known) known.events += events;
    else this.#wait(orgId, { events, waits: 1 });
  }

  #wait(orgId: string, noted: { events: number; waits: number }): void {
    this.#waiting.set(orgId, noted);
    setTimeout(() => {
      if (noted.events >= MANY_EVENTS && noted.waits < MOST_WAITS) {
        this.#wait(orgId, { events: 0, waits: noted.waits + 1 });
        return;
      }
      this.#waiting.delete(orgId);
      this.database.inOrganization(orgId, (tx) => requestJob(tx, REFRESH_JOB)).catch(() => {});
    }, WAIT_MS).unref();
  }
}
