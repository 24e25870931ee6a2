import { requestJob } from '../db/job-queue.js';
import { REFRESH_JOB } from '../ingest/refreshes.js';
import { refresh } from '../rollups/refresh.js';
import { claim } from '../rollups/claim.js';
import { organizationsToRefresh } from '../rollups/state.js';
import { renewUsual } from '../rollups/usual.js';
import { DEFINITION } from '../rollups/sums.js';
import type { Job } from './job.js';

/** Brings an organization's sums up to date, and what is usual there. */
export const refreshRollups: Job = {
  name: REFRESH_JOB,
  async run({ database, signal }, { orgId }) {
    if (orgId === undefined) return;
    await refresh(database, orgId, signal);
    await renewUsual(database, orgId);
  },
};

/**
 * Requests that of every organization where they are behind. Where none are kept yet, this begins with it; where an older
 * version keeps them by its definition, only a process that has just started does, so that two versions do not take turns.
 */
export const findRefreshing: Job = {
  name: 'find_refreshing',
  everyMinutes: 1,
  async run({ database, signal }, { atStart = false }) {
    for (const { orgId, definition } of await organizationsToRefresh(database)) {
      signal.throwIfAborted();
      if (definition === null || (definition !== DEFINITION && atStart)) await claim(database, orgId);
      await database.inOrganization(orgId, (tx) => requestJob(tx, REFRESH_JOB));
    }
  },
};
