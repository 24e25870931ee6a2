import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { ROOT } from './run.mjs';

/** The time that the service has: that of the fixtures, so that answers are the same on every day. */
const NOW = Date.UTC(2026, 2, 10);

/**
 * Runs `use` with the built service on a PostgreSQL of its own and an empty organization:
 * `{url, token}`, the token with the scopes ingest, read and delegate.
 */
export async function withTestService(use) {
  await build();
  const { pino } = await import('pino');
  const { startEmbedded } = await service('db/embedded/index.js');
  const { migrate } = await service('db/migrate.js');
  const { loadConfig } = await service('config.js');
  const { startServer } = await service('server.js');
  const { createOrganization } = await service('access/organizations.js');
  const { createToken } = await service('access/tokens.js');

  const dataDir = await mkdtemp(join(tmpdir(), 'runboard-test-'));
  const closers = [() => rm(dataDir, { recursive: true, force: true })];
  try {
    // as root the server runs as an OS user of its own, which must pass
    await chmod(dataDir, 0o711);
    const database = await startEmbedded({ dataDir, throwaway: true });
    closers.unshift(() => database.stop('immediate'));
    await migrate(database.ownerUrl);
    const server = await startServer({
      config: loadConfig({ PORT: '0' }),
      databaseUrl: database.serviceUrl,
      clock: () => NOW,
      log: pino({ level: 'silent' }),
    });
    closers.unshift(() => server.stop());
    await createOrganization(server.database, 'acme', { name: 'Acme Inc.' });
    const scopes = ['ingest', 'read', 'delegate'];
    const { token } = await createToken(server.database, 'acme', { name: 'test', scopes });
    return await use({ url: server.url, token });
  } finally {
    for (const close of closers) await close();
  }
}

function service(path) {
  return import(pathToFileURL(join(ROOT, 'metrics-service/dist', path)).href);
}
