import { analyzeTables, STATISTICS_JOB } from '../ingest/statistics.js';
import type { Job } from './job.js';

/** Has PostgreSQL look at all tables anew; ingest asks for it when much has come in. */
export const statistics: Job = {
  name: STATISTICS_JOB,
  run: ({ database }) => analyzeTables(database),
};
