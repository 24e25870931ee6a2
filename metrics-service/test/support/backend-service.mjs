import './typescript.mjs';
import globalSetup from './global-setup.mjs';
import globalTeardown from './global-teardown.mjs';

/** That of the fixtures, so that answers are the same on every day. */
const NOW = Date.UTC(2026, 2, 10);

/** Runs `use` with a service on a PostgreSQL of its own, and what tells the plugin's Go tests of it. */
export async function withBackendService(use) {
  const { served } = await import('./served.ts');
  await globalSetup();
  try {
    const service = await served({}, ['ingest', 'directory', 'read', 'delegate'], () => NOW);
    const env = { RUNBOARD_TEST_URL: service.url, RUNBOARD_TEST_TOKEN: service.token };
    return await use(env).finally(() => service.stop());
  } finally {
    await globalTeardown();
  }
}
