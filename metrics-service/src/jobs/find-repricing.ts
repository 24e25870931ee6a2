import { requestJob } from '../db/job-queue.js';
import { organizationsToReprice } from '../ingest/reprice.js';
import { taskOf, type Job } from './job.js';
import { repriceOrganization } from './reprice.js';

/**
 * Requests a repricing of every organization whose costs were computed with another price table: after an upgrade, after a
 * change of prices, and when an older version of the service ran at the same time with its own.
 */
export const findRepricing: Job = {
  name: 'find_repricing',
  withPrices: true,
  everyMinutes: 5,
  async run({ database, prices, signal }, { atStart = false }) {
    for (const orgId of await organizationsToReprice(database, prices)) {
      signal.throwIfAborted();
      // a process that has just started may replace one that was killed in the middle of it
      const options = { unlessRunning: !atStart };
      await database.inOrganization(orgId, (tx) => requestJob(tx, taskOf(repriceOrganization, prices), options));
    }
  },
};
