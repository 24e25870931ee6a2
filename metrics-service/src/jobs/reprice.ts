import { reprice } from '../ingest/reprice.js';
import type { Job } from './job.js';

/** Updates an organization's costs to the current prices. */
export const repriceOrganization: Job = {
  name: 'reprice',
  withPrices: true,
  async run({ database, prices, log, signal }, { orgId }) {
    if (orgId === undefined) return;
    if (await reprice(database, orgId, prices, signal)) log.info({ orgId }, 'costs updated to the current prices');
  },
};
