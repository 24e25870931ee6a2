import { findRepricing } from './find-repricing.js';
import type { Job } from './job.js';
import { findLinking, linkBranchesOfOrganization } from './link-branches.js';
import { findRefreshing, refreshRollups } from './refresh-rollups.js';
import { repriceOrganization } from './reprice.js';
import { deriveEndsOfOrganization, findSettling, settleOrganization } from './settle.js';
import { statistics } from './statistics.js';

/** All background jobs. */
export const JOBS: readonly Job[] = [
  findRepricing,
  repriceOrganization,
  findSettling,
  settleOrganization,
  deriveEndsOfOrganization,
  findLinking,
  linkBranchesOfOrganization,
  findRefreshing,
  refreshRollups,
  statistics,
];
