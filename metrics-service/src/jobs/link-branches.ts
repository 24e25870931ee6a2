import { LINK_BRANCHES_JOB } from '../access/organizations.js';
import { requestJob } from '../db/job-queue.js';
import { organizationsToLink, relinkBranches } from '../ingest/relink.js';
import type { Job } from './job.js';

/** Links an organization's sessions to the work items that their branches name, after its pattern changed. */
export const linkBranchesOfOrganization: Job = {
  name: LINK_BRANCHES_JOB,
  async run({ database, log, signal }, { orgId }) {
    if (orgId === undefined) return;
    const sessions = await relinkBranches(database, orgId, signal);
    if (sessions > 0) log.info({ orgId, sessions }, 'sessions linked by the pattern of branches');
  },
};

/** Requests that where it was not finished. */
export const findLinking: Job = {
  name: 'find_linking',
  everyMinutes: 5,
  async run({ database, signal }, { atStart = false }) {
    for (const orgId of await organizationsToLink(database)) {
      signal.throwIfAborted();
      const options = { unlessRunning: !atStart };
      await database.inOrganization(orgId, (tx) => requestJob(tx, LINK_BRANCHES_JOB, options));
    }
  },
};
