import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { startEmbedded, type EmbeddedDatabase } from '../../src/db/embedded/index.js';
import { appliedMigrations, migrate, migrationNames } from '../../src/db/migrate.js';
import { openDatabase } from '../../src/db/pool.js';
import { dumpSchema } from '../../src/db/schema-dump.js';
import { reprice } from '../../src/ingest/reprice.js';
import { loadPrices } from '../../src/pricing/index.js';
import { begin, type Begun } from '../support/command.js';
import { asOwner, eventsOfThen, makeOldest, OLDEST } from '../support/oldest-schema.js';
import { Random } from '../support/random.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf, withoutHeardOf } from '../support/tables.js';

const SCHEMA = fileURLToPath(new URL('../../schema.sql', import.meta.url));
/** It alters the table that `holding` holds. */
const HELD_UP = '0003_viewers';

let today: TestService;
let dataDir: string;
let embedded: EmbeddedDatabase;
let made = 0;

beforeAll(async () => {
  today = await testService();
  await today.request('/v1/events', { body: eventsOfThen(5) });
  dataDir = await mkdtemp(join(tmpdir(), 'runboard-migrate-'));
  await chmod(dataDir, 0o711);
  embedded = await startEmbedded({ dataDir, throwaway: true });
  await makeOldest(await newDatabase(), today.url);
});
afterAll(async () => {
  await embedded.stop('immediate');
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  await today.stop();
});

/** The first is the template of the others: a database of the oldest schema, with data. */
async function newDatabase(): Promise<string> {
  const name = `made_${(made += 1)}`;
  const template = made === 1 ? 'template1' : 'made_1';
  await asOwner(embedded.ownerUrl, (owner) => owner.query(`create database ${name} template ${template}`));
  const url = new URL(embedded.ownerUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function killDatabase(): Promise<void> {
  const text = await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8');
  process.kill(Number(text.split('\n', 1)[0]), 'SIGKILL');
}

/** It is started again by itself. */
async function databaseIsBack(): Promise<void> {
  for (;;) {
    const isBack = await asOwner(embedded.ownerUrl, (owner) => owner.query('select')).then(
      () => true,
      () => false,
    );
    if (isBack) return;
    await sleep(50);
  }
}

/** Waits until so many migrating processes wait as it says. */
async function untilWaiting(client: pg.Client, waitEvent: 'relation' | 'advisory', count: number): Promise<void> {
  for (let found = 0; found !== count; await sleep(20)) {
    // within a transaction the activity would stay what it was when it was first asked for
    await client.query('select pg_stat_clear_snapshot()');
    const { rows } = await client.query<{ pid: number }>(
      `
      select pid
      from pg_stat_activity
      where application_name = 'runboard migrate'
        and datname = current_database()
        and wait_event = $1`,
      [waitEvent],
    );
    found = rows.length;
  }
}

/** Migrates in a process of its own that is held up in the middle of a migration while `work` is done. */
async function holding(url: string, work: (migrating: Begun, client: pg.Client) => Promise<void>) {
  await asOwner(url, async (client) => {
    await client.query('begin; lock table organizations in access share mode');
    const migrating = begin(['migrate'], { DATABASE_URL: url });
    await untilWaiting(client, 'relation', 1);
    await work(migrating, client);
  });
}

async function applied(url: string): Promise<string[]> {
  return asOwner(url, appliedMigrations);
}

/** What was killed half-way is finished by the next: the schema and the data of a database that nobody killed. */
async function expectWhole(url: string): Promise<void> {
  expect(await asOwner(url, dumpSchema)).toBe(await readFile(SCHEMA, 'utf8'));
  const database = openDatabase({ connectionString: url, size: 1, statementTimeoutMs: 60_000 });
  // what a service does in the background that finds other prices
  const caughtUp = reprice(database, 'acme', loadPrices()).then(() => tablesOf(database, 'acme'));
  const rows = await caughtUp.finally(() => database.close());
  expect(rows.runs!.length).toBeGreaterThan(0);
  expect(withoutHeardOf(rows)).toEqual(withoutHeardOf(await tablesOf(today.database, 'acme')));
}

describe('a migration with data, killed with -9 half-way', () => {
  it('leaves its lock to those that wait: one of them finishes', async () => {
    const url = await newDatabase();
    const waiting: Begun[] = [];
    await holding(url, async ({ child, end }, client) => {
      waiting.push(...[1, 2, 3].map(() => begin(['migrate', '--json'], { DATABASE_URL: url })));
      await untilWaiting(client, 'advisory', 3);
      child.kill('SIGKILL');
      await end;
    });
    const outcomes = await Promise.all(waiting.map(({ end }) => end));
    const ran = outcomes.flatMap(({ stdout }) => (JSON.parse(stdout) as { run: string[] }).run);
    const names = await migrationNames();
    // the one that was killed had finished what came before, and nothing of this one
    expect(ran).toEqual(names.slice(names.indexOf(HELD_UP)));
    await expectWhole(url);
  });

  it('is undone where the database was killed', async () => {
    const url = await newDatabase();
    await holding(url, async ({ end }) => {
      await killDatabase();
      const { code, stderr } = await end;
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^runboard: the database .*\n$/) });
    });
    await databaseIsBack();
    // the tests' database may forget its last commits, never parts of one
    const done = await applied(url);
    expect(done).not.toContain(HELD_UP);
    expect(await migrate(url)).toEqual((await migrationNames()).slice(done.length));
    await expectWhole(url);
  });

  it('can be done again after any moment', async () => {
    const random = new Random(1);
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const url = await newDatabase();
      const { child, end } = begin(['migrate'], { DATABASE_URL: url });
      await asOwner(url, async (client) => {
        const isThere = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
        while ((await client.query(isThere)).rowCount === 0) await sleep(5);
      });
      await sleep(random.integer(0, 150));
      if (attempt % 2 === 0) await killDatabase();
      else child.kill('SIGKILL');
      await end;
      await databaseIsBack();
      expect((await applied(url))[0]).toBe(OLDEST);
      await migrate(url);
      await expectWhole(url);
    }
  });
});
