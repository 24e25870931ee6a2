import { defineConfig } from '@playwright/test';

// npm run e2e -w dashboards: the boards in a real Grafana. GRAFANA_HOME names it; e2e/support/setup.ts starts it with
// a service and the demo organization, unless GRAFANA_URL says that they are there already.
export default defineConfig({
  testDir: 'e2e',
  // the plugin's own unsets what Playwright cannot read unset
  tsconfig: './tsconfig.json',
  globalSetup: './e2e/support/setup.ts',
  outputDir: 'e2e/results',
  reporter: process.env.CI ? 'line' : 'list',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  workers: 1,
  use: {
    viewport: { width: 1440, height: 2600 },
    timezoneId: 'UTC',
    locale: 'en-US',
    trace: 'retain-on-failure',
    launchOptions: {
      // without it Playwright's own
      executablePath: process.env.CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    },
  },
  projects: [
    { name: 'boards', testIgnore: '**/pictures.spec.ts' },
    { name: 'plugin', testDir: '../plugin/e2e' },
    { name: 'pictures', testMatch: '**/pictures.spec.ts' },
  ],
});
