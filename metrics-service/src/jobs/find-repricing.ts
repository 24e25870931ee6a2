import { requestJob } from '../db/job-queue.js';
import { organizationsToReprice } from '../ingest/reprice.js';
import { taskOf, type Job } from './job.js';
import { repriceOrganization } from './reprice.js';

/**
 * Asks for a repricing of every organization whose costs are of another price table: after an upgrade, with other prices,
 * and where an older version of the service has gone on with its own beside this one.
 */
export const findRepricing: Job = {
  name: 'find_repricing',
  withPrices: true,
  everyMinutes: 5,
  async run({ database, prices, signal }, { atStart = false }) {
    for (const orgId of await organizationsToReprice(database, prices)) {
      signal.throwIfAborted();
      // a process that has just begun may be the one that was killed in the middle of it
      const options = { unlessRunning: !atStart };
      await database.inOrganization(orgId, (tx) => requestJob(tx, taskOf(repriceOrganization, prices), options));
    }
  },
};
