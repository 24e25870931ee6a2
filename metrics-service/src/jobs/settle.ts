import { DERIVE_ENDS_JOB } from '../access/organizations.js';
import { requestJob } from '../db/job-queue.js';
import { deriveEnds, organizationsToSettle, settleSessions } from '../ingest/settle.js';
import { taskOf, type Job } from './job.js';

/** Settles the silent sessions of an organization (telemetry and hooks), so that their last runs end. */
export const settleOrganization: Job = {
  name: 'settle',
  withPrices: true,
  async run({ database, prices, settleMs, signal }, { orgId }) {
    if (orgId !== undefined) await settleSessions(database, orgId, { prices, settleMs, signal });
  },
};

/** Requests that of every organization that has a silent session. */
export const findSettling: Job = {
  name: 'find_settling',
  withPrices: true,
  everyMinutes: 1,
  async run({ database, prices, settleMs, signal }) {
    for (const orgId of await organizationsToSettle(database, settleMs)) {
      signal.throwIfAborted();
      await database.inOrganization(orgId, (tx) => requestJob(tx, taskOf(settleOrganization, prices)));
    }
  },
};

/** Derives the ends of runs again, after an organization's setting `telemetrySettle` changed. */
export const deriveEndsOfOrganization: Job = {
  name: DERIVE_ENDS_JOB,
  async run({ database, prices, signal }, { orgId }) {
    if (orgId !== undefined) await deriveEnds(database, orgId, { prices, signal });
  },
};
