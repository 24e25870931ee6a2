import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testService, type Answer, type TestService } from '../support/service.js';
import { startedRun } from './events.js';
import { until } from './until.js';

/** The least pool: of its 3 connections for questions, 2 are one organization's. */
const POOL = { poolSize: 8 };
const WINDOW = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) };
const RUNS = { refId: 'runs', view: 'total', metrics: ['runs'] };
const HANDOFFS = { refId: 'handoffs', view: 'handoffs' };
/** Equal questions would be answered together. */
const differing = (count: number) => Array.from({ length: count }, (_, index) => ({ ...HANDOFFS, limit: index + 1 }));

let service: TestService;
let owner: pg.Client;
let watcher: pg.Client;

afterEach(async () => {
  await owner.end();
  await watcher.end();
  await service.stop();
});

async function open(config: Parameters<typeof testService>[0] = {}): Promise<void> {
  service = await testService(config);
  owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
  // in a transaction what pg_stat_activity says stays the same
  watcher = new pg.Client({ connectionString: service.url });
  await watcher.connect();
}

const ask = (token: string, ...queries: object[]): Promise<Answer> =>
  service.request('/v1/query', { token, body: { ...WINDOW, queries } });

/** From now on whoever asks for handoffs waits; answers what ends that. */
async function holdHandoffs(): Promise<() => Promise<unknown>> {
  await owner.query('begin; lock table handoffs in access exclusive mode');
  return () => owner.query('rollback');
}

async function waitingInDatabase(): Promise<number> {
  const { rows } = await watcher.query<{ count: number }>(`
    select count(*)::int as count
    from pg_stat_activity
    where datname = current_database()
      and wait_event_type = 'Lock'`);
  return rows[0]!.count;
}

describe('an organization that asks more than the database can answer', () => {
  beforeEach(() => open({ config: POOL }));

  it('leaves room for the questions of others, for ingest and for tokens', async () => {
    const { token } = service;
    const other = await service.organization('other');
    const release = await holdHandoffs();
    let answered = 0;
    const flood = differing(12).map((query) => ask(token, query).finally(() => (answered += 1)));
    await until(async () => (await waitingInDatabase()) === 2);

    expect((await ask(other, RUNS)).body.results.runs.status).toBe(200);
    for (const sender of [token, other]) {
      const { status, body } = await service.request('/v1/events', { token: sender, body: startedRun('r') });
      expect([status, body.accepted]).toEqual([200, 1]);
    }
    expect((await service.request('/v1/me')).status).toBe(200);
    expect((await service.request('/ready')).status).toBe(200);
    expect(answered).toBe(0);

    await release();
    const statuses = (await Promise.all(flood)).map(({ body }) => body.results.handoffs.status);
    expect(statuses).toEqual(flood.map(() => 200));
  });

  async function waitingFor(pool: string): Promise<number> {
    const { body } = await service.request('/metrics');
    return Number(new RegExp(`^runboard_database_waiting\\{pool="${pool}"\\} (\\d+)$`, 'm').exec(body as string)![1]);
  }

  it('has nothing running in the database for callers who went away', async () => {
    const release = await holdHandoffs();
    const gone = new AbortController();
    const headers = { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' };
    const asked = differing(5).map((query) => {
      const body = JSON.stringify({ ...WINDOW, queries: [query] });
      return fetch(`${service.address}/v1/query`, { method: 'POST', headers, body, signal: gone.signal });
    });
    await until(async () => (await waitingInDatabase()) === 2 && (await waitingFor('questions')) === 3);
    gone.abort();
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(asked.map(() => 'rejected'));
    await until(async () => (await waitingInDatabase()) === 0);
    expect(await waitingFor('questions')).toBe(0);
    await release();
    expect((await ask(service.token, HANDOFFS)).body.results.handoffs.status).toBe(200);
  });
});

describe('a question that takes too long', () => {
  beforeEach(() => open({ config: { ...POOL, queryTimeoutMs: 1_000, statementTimeoutMs: 1_000 } }));

  it('is ended alone, and says what may be changed', async () => {
    const release = await holdHandoffs();
    const { status, body } = await ask(service.token, HANDOFFS, RUNS, { ...HANDOFFS, refId: 'again' });
    expect([status, body.detail]).toEqual([200, undefined]);
    expect(body.results.runs.status).toBe(200);
    for (const refId of ['handoffs', 'again']) {
      expect(body.results[refId]).toEqual({
        status: 504,
        error: expect.stringMatching(/took longer than the 1 s \(RUNBOARD_QUERY_TIMEOUT_MS\).*shorter range/),
        errorSource: 'downstream',
      });
    }
    expect(await waitingInDatabase()).toBe(0);
    await release();
    expect((await ask(service.token, HANDOFFS)).body.results.handoffs.status).toBe(200);
  });

  it('is a problem where it has an answer of its own', async () => {
    const release = await holdHandoffs();
    const exported = await service.request('/v1/export/sessions.csv?from=0&to=1');
    expect([exported.status, exported.body.code]).toEqual([504, 'query_timeout']);
    expect(exported.body.detail).toContain('RUNBOARD_STATEMENT_TIMEOUT_MS');
    await release();
  });
});
