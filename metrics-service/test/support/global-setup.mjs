import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import './typescript.mjs';

const TEMPLATE = `runboard_template_${process.pid}`;

/**
 * Starts a PostgreSQL of its own (or takes that of TEST_DATABASE_URL, whose role may make databases) and migrates a
 * template for the tests' databases. If jest is interrupted, the embedded server ends and its folder goes.
 */
export default async function globalSetup() {
  const embedded = process.env.TEST_DATABASE_URL ? undefined : await startServer();
  const ownerUrl = new URL(process.env.TEST_DATABASE_URL ?? embedded.ownerUrl);
  const client = new pg.Client({ connectionString: ownerUrl.href });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  const { migrate } = await import('../../src/db/migrate.ts');
  const template = new URL(ownerUrl);
  template.pathname = `/${TEMPLATE}`;
  await migrate(template.href);
  process.env.RUNBOARD_TEST_OWNER_URL = ownerUrl.href;
  process.env.RUNBOARD_TEST_TEMPLATE = TEMPLATE;
  globalThis.runboardTestServer = embedded;
}

async function startServer() {
  const { startEmbedded } = await import('../../src/db/embedded/index.ts');
  const dataDir = await mkdtemp(join(tmpdir(), 'runboard-test-'));
  // as root the server runs as an OS user of its own, which must pass
  await chmod(dataDir, 0o711);
  const embedded = await startEmbedded({ dataDir, throwaway: true });
  return { ...embedded, dataDir };
}
