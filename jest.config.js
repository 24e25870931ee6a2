/** All tests in one run, for `npm test`; those that took longest begin first. @type {import('jest').Config} */
export default {
  projects: ['metrics-service', 'dashboards', 'plugin'],
};
