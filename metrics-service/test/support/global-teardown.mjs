import { rm } from 'node:fs/promises';
import pg from 'pg';

export default async function globalTeardown() {
  const embedded = globalThis.runboardTestServer;
  if (embedded) {
    await embedded.stop('immediate');
    await rm(embedded.dataDir, { recursive: true, force: true });
    return;
  }
  const client = new pg.Client({ connectionString: process.env.RUNBOARD_TEST_OWNER_URL });
  await client.connect();
  await client.query(`drop database if exists ${process.env.RUNBOARD_TEST_TEMPLATE} with (force)`);
  await client.end();
}
