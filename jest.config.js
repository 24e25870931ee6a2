import { availableParallelism } from 'node:os';

/** All tests in one run, for `npm test`; those that took longest begin first. @type {import('jest').Config} */
export default {
  // against what hangs: on a busy machine all takes its time. Of all projects: jest takes it from here only
  testTimeout: 120_000,
  // tests wait for processes and for the database more than they compute
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  projects: ['metrics-service', 'dashboards', 'plugin'],
};
