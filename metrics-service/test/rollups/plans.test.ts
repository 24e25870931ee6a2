import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { makeScaleWorld, SCALE_END_MS } from '../../src/bench/scale/world.js';
import { makeSums, vacuumSums } from '../../src/bench/sums.js';
import { openDatabase } from '../../src/db/pool.js';
import { answerRequest } from '../../src/query/index.js';
import type { Made } from '../../src/query/made.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

/** How many rows PostgreSQL reads to answer what is found by keys: a plan that looks through all of them for each day reads far more. */
const RUNS = 8_000;
const SESSIONS = RUNS / 4;
const DAYS = 90;
const TABLES = ['rollup_sessions', 'rollup_session_gaps', 'rollup_message_gaps', 'messages', 'handoffs'];
const ORG_ID = 'acme';
/** Half an hour in which a day begins has two or three of them. */
const MOST = SESSIONS;

let test: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  test = await testDatabase();
  owner = new pg.Client({ connectionString: test.url });
  await owner.connect();
  await owner.query(`insert into organizations (org_id, name) values ($1, 'Acme')`, [ORG_ID]);
  await makeScaleWorld(owner, ORG_ID, RUNS);
  await makeSums(test.database, ORG_ID);
  await vacuumSums(owner);
});
afterAll(async () => {
  await owner.end();
  await test.drop();
});

/** Rows read of each table since the database began. */
async function read(): Promise<Map<string, number>> {
  const { rows } = await owner.query<{ name: string; count: string }>(
    `select relname as name, seq_tup_read + coalesce(idx_tup_fetch, 0) as count from pg_stat_user_tables where relname = any($1)`,
    [TABLES],
  );
  return new Map(rows.map(({ name, count }) => [name, Number(count)]));
}

/** Waits until no more connections are open than that: PostgreSQL knows what one has read once it has ended. */
async function untilOpen(most: number): Promise<void> {
  while ((await open()) > most) await setTimeout(20);
}

async function open(): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    `select count(*)::integer as count from pg_stat_activity where datname = current_database()`,
  );
  return rows[0]!.count;
}

/** What an answer about 90 days was made of, and the rows read for it, by their table. */
async function readFor(query: object): Promise<{ kept: readonly string[]; rows: Record<string, number> }> {
  const [before, connections] = [await read(), await open()];
  const database = openDatabase({ connectionString: test.url, size: 1, statementTimeoutMs: 60_000 });
  const to = SCALE_END_MS - 987_654;
  const queries = [{ refId: 'A', explain: true, ...query }];
  // days that begin at no hour of UTC
  const body = { from: to - DAYS * 86_400_000, to, timezone: 'Asia/Kolkata', queries };
  const { results } = await answerRequest(database, { orgId: ORG_ID, viewer: null }, body, to);
  await database.close();
  await untilOpen(connections);
  const result = results.A!;
  if (result.status !== 200) throw new Error(JSON.stringify(result));
  const { kept } = result.frames[0]!.schema.meta.custom!.engine as Made;
  const after = await read();
  const rows = Object.fromEntries([...after].map(([name, count]) => [name, count - before.get(name)!]));
  return { kept: kept.map((one) => one.kept), rows };
}

it.each([
  ['daily active sessions', { view: 'series', metrics: ['active_sessions'], interval: 'day' }],
  ['their mean lifespan, by week', { view: 'series', metrics: ['avg_session_lifespan'], interval: 'week' }],
  [
    'both windows of a comparison',
    { view: 'total', metrics: ['active_sessions', 'avg_session_lifespan'], compare: 'previous' },
  ],
])('%s: what lies at the ends of windows is found by keys', async (_, query) => {
  const { kept, rows } = await readFor(query);
  expect(kept).toContain('moments');
  for (const [name, count] of Object.entries(rows))
    expect({ name, isFew: count < MOST }).toEqual({ name, isFew: true });
});
