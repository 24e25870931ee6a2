import { analyzeTables, STATISTICS_JOB } from '../ingest/statistics.js';
import type { Job } from './job.js';

/** Refreshes PostgreSQL's statistics of all tables; requested by ingest when many events have come in. */
export const statistics: Job = {
  name: STATISTICS_JOB,
  run: ({ database }) => analyzeTables(database),
};
