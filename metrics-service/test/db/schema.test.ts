import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { dumpSchema } from '../../src/db/schema-dump.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const COMMITTED = fileURLToPath(new URL('../../schema.sql', import.meta.url));

let opened: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  opened = await testDatabase();
  client = new pg.Client({ connectionString: opened.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await opened.drop();
});

it('is what schema.sql says (npm run schema writes it anew)', async () => {
  const dump = await dumpSchema(client);
  if (process.env.npm_lifecycle_event === 'schema') await writeFile(COMMITTED, dump);
  expect(dump).toBe(await readFile(COMMITTED, 'utf8'));
});
