import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { createOrganization } from '../../src/access/organizations.js';
import { requestJob } from '../../src/db/job-queue.js';
import { jobsPool } from '../../src/db/jobs-schema.js';
import { createIngest } from '../../src/ingest/index.js';
import { startWorker, type JobOutcome, type Worker } from '../../src/jobs/worker.js';
import { loadPrices } from '../../src/pricing/index.js';
import { serve } from '../support/command.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const folder = mkdtempSync(join(tmpdir(), 'runboard-jobs-'));
const ORGANIZATIONS = ['a', 'b', 'c'];
const CALLS = 5_000;

const pricesFile = (dollars: string): string => {
  const file = join(folder, dollars);
  const prices = [{ models: ['m'], input: dollars, output: dollars }];
  writeFileSync(file, JSON.stringify({ source: 'a test', date: '2026-01-01', prices }));
  return file;
};

let database: TestDatabase;
let jobs: pg.Pool;
let workers: Worker[];
let done: JobOutcome[];

beforeEach(async () => {
  [workers, done] = [[], []];
  database = await testDatabase();
  jobs = jobsPool(database.url, { max: 1 });
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await jobs.end();
  await database.drop();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that does jobs, with so many dollars per million tokens. */
function work(dollars: string): Worker {
  const options = { databaseUrl: database.url, database: database.database, log: pino({ level: 'silent' }) };
  const prices = loadPrices(pricesFile(dollars));
  const worker = startWorker({ ...options, prices, onDone: (outcome) => done.push(outcome) });
  workers.push(worker);
  return worker;
}

/** Calls in three organizations, priced at a dollar per million tokens. */
async function priced(): Promise<void> {
  const prices = loadPrices(pricesFile('1'));
  const { ingest } = createIngest({ database: database.database, prices, maxDeadLetters: 1, clock: Date.now });
  for (const org of ORGANIZATIONS) {
    await createOrganization(database.database, org);
    const events = Array.from({ length: CALLS }, (_, n) => ({
      ...{ specversion: '1.0', source: '/test', id: `${n}`, type: 'llm_call.recorded' },
      data: {
        ...{ callId: `${n}`, sessionId: 's', at: '2026-01-31T09:00:00Z', model: 'm' },
        usage: { inputTokens: 1_000_000, outputTokens: 0 },
      },
    }));
    await ingest(org, events, ['ingest']);
  }
}

/** How many calls cost how many dollars, over all organizations. */
async function costs(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const org of ORGANIZATIONS) {
    const { rows } = await database.database.inOrganization(org, (tx) =>
      tx.query<{ cost: number; calls: number }>(
        `select (cost_nanos / 1e9)::float8 as cost, count(*)::int as calls from llm_calls where org_id = $1 group by 1`,
        [org],
      ),
    );
    for (const { cost, calls } of rows) counts[cost] = (counts[cost] ?? 0) + calls;
  }
  return counts;
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await sleep(20);
}
const untilAllCost = (dollars: string) => until(async () => (await costs())[dollars] === ORGANIZATIONS.length * CALLS);

describe('jobs in the background', () => {
  it('are done by any number of processes, and leave nothing in the queue', async () => {
    await priced();
    work('3');
    work('3');
    await untilAllCost('3');
    const left = async () => (await jobs.query('select from graphile_worker._private_jobs')).rowCount;
    await until(async () => (await left()) === 0);
    expect(done.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
    expect(done.map(({ job }) => job)).toEqual(expect.arrayContaining(['find_repricing', 'reprice', 'statistics']));
  });

  it('that a process was killed with, at any moment, are done by the next one', async () => {
    await priced();
    const environment = { RUNBOARD_PRICES: pricesFile('3'), RUNBOARD_DATA_DIR: join(folder, 'killed') };
    for (const waitMs of [0, 60, 150]) {
      const killed = await serve(database.url, environment);
      await sleep(waitMs);
      await killed.end('SIGKILL');
    }
    work('3');
    await untilAllCost('3');
  }, 120_000);

  it('that hold a process are let go at once when it stops, and done by the next one', async () => {
    await priced();
    const first = work('3');
    // in the middle of the pages of one organization
    await until(async () => ((await costs())['3'] ?? 0) > 0);
    const begun = performance.now();
    await first.stop();
    expect(performance.now() - begun).toBeLessThan(5_000);
    const locked = await jobs.query('select from graphile_worker.jobs where locked_at is not null');
    expect(locked.rowCount).toBe(0);
    work('3');
    await untilAllCost('3');
  });

  it('of another price table are left to who has it', async () => {
    await priced();
    await database.database.inOrganization('a', (tx) => requestJob(tx, 'reprice@0123456789abcdef'));
    work('1');
    await until(() => done.some(({ job }) => job === 'find_repricing'));
    await sleep(200);
    expect(done.map(({ job }) => job)).not.toContain('reprice');
    expect((await jobs.query(`select from graphile_worker.jobs where key = 'reprice:a'`)).rowCount).toBe(1);
  });

  it('go on after their connections were lost', async () => {
    await priced();
    work('1');
    await until(() => done.length > 0);
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    const dropListener = async (): Promise<boolean> => {
      const { rowCount } = await owner.query(`
        select pg_terminate_backend(pid)
        from pg_stat_activity
        where datname = current_database()
          and application_name = 'runboard jobs'
          and query ilike 'listen%'`);
      return rowCount === 1;
    };
    // the first job may be done before it listens
    await until(dropListener);
    await owner.end();
    await database.database.inOrganization('a', (tx) => requestJob(tx, 'statistics', { shared: true }));
    await until(() => done.some(({ job, outcome }) => job === 'statistics' && outcome === 'succeeded'));
  });
});
