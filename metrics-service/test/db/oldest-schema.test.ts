import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, migrationNames } from '../../src/db/migrate.js';
import { dumpSchema } from '../../src/db/schema-dump.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { reprice } from '../../src/ingest/reprice.js';
import { loadPrices } from '../../src/pricing/index.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { inProcess } from '../support/in-process.js';
import { numbersOf } from '../support/numbers.js';
import { asOwner, eventsOfThen, makeOldest, OLDEST } from '../support/oldest-schema.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf, withoutHeardOf } from '../support/tables.js';

const ORGANIZATIONS = ['vienna', 'graz'];

let now: TestService;
let folder: string;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  now = await testService();
  folder = await mkdtemp(join(tmpdir(), 'runboard-oldest-'));
  for (const [index, org] of ORGANIZATIONS.entries()) {
    tokens[org] = await now.organization(org, { storeText: index === 0, timezone: 'Europe/Vienna' });
    await now.request('/v1/events', { token: tokens[org], body: eventsOfThen(index + 20) });
    await now.request('/v1/events', { token: tokens[org], body: [{ id: 'rejected' }] });
  }
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await now.stop();
});

async function oldDatabase(): Promise<TestDatabase> {
  const old = await testDatabase({ empty: true });
  await makeOldest(old.url, now.url);
  return old;
}

/** That database must hold what today's does, answer the same, and stay so when it is rebuilt. */
async function expectTheSame(database: TestDatabase): Promise<void> {
  const service = await testService({ on: database, organization: 'check' });
  try {
    for (const org of ORGANIZATIONS) {
      const tables = await tablesOf(now.database, org);
      expect(tables.runs!.length).toBeGreaterThan(0);
      // what a service does in the background that finds other prices
      expect(await reprice(service.database, org, loadPrices())).toBe(true);
      expect(withoutHeardOf(await tablesOf(service.database, org))).toEqual(withoutHeardOf(tables));
      const numbers = await numbersOf(now, tokens[org]!);
      expect(JSON.stringify(numbers)).toMatch(/[1-9]/);
      // the tokens of then open it
      expect(await numbersOf(service, tokens[org]!)).toEqual(numbers);
      const { unreadable } = await rebuild(service.database, org, loadPrices());
      expect(unreadable).toEqual([]);
      expect(await tablesOf(service.database, org)).toEqual(tables);
      expect(await numbersOf(service, tokens[org]!)).toEqual(numbers);
    }
  } finally {
    await service.stop();
  }
}

describe('a database of the oldest schema', () => {
  it('is migrated with its data: the same schema, rows and numbers as a new one', async () => {
    const old = await oldDatabase();
    expect(await migrate(old.url)).toEqual((await migrationNames()).filter((name) => name !== OLDEST));
    expect(await asOwner(old.url, dumpSchema)).toEqual(await asOwner(now.url, dumpSchema));
    await expectTheSame(old);
  });

  it('has a backup that can be restored by this version', async () => {
    const old = await oldDatabase();
    const file = join(folder, 'old.sql.gz');
    const backup = await inProcess(0, () => old.url)('backup', file, '--json');
    expect(backup.message).toBe('');
    expect(JSON.parse(backup.out).migrations).toEqual([OLDEST]);
    await old.drop();
    const empty = await testDatabase({ empty: true });
    expect((await inProcess(0, () => empty.url)('restore', file)).message).toBe('');
    expect(await asOwner(empty.url, dumpSchema)).toBe(await asOwner(now.url, dumpSchema));
    await expectTheSame(empty);
  });
});
