import service from '../metrics-service/jest.config.js';

/** @type {import('jest').Config} */
export default {
  ...service,
  // the boards are tried on a service with a database, as the service's own tests are
  globalSetup: '<rootDir>/../metrics-service/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/../metrics-service/test/support/global-teardown.mjs',
};
