import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { createOrganization } from '../src/access/organizations.js';
import { createToken } from '../src/access/tokens.js';
import { loadConfig } from '../src/config.js';
import { startServer, type RunningServer } from '../src/server.js';
import { testDatabase, urlOf, type TestDatabase } from './support/database.js';

const folder = mkdtempSync(join(tmpdir(), 'runboard-repricing-'));
const DOLLARS = ['1', '3'] as const;

describe('costs, with other prices than before', () => {
  let database: TestDatabase;
  let token: string;
  let servers: RunningServer[];

  beforeAll(() => {
    for (const dollars of DOLLARS) {
      const prices = [{ models: ['m'], input: dollars, output: dollars }];
      writeFileSync(join(folder, dollars), JSON.stringify({ source: 'a test', date: '2026-01-01', prices }));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    servers = [];
    database = await testDatabase();
    await createOrganization(database.database, 'acme');
    token = (await createToken(database.database, 'acme', { name: 'test', scopes: ['ingest'] })).token;
  });
  afterEach(async () => {
    for (const server of servers) await server.stop();
    await database.drop();
  });

  /** The service with so many dollars per million tokens. */
  async function serve(dollars: (typeof DOLLARS)[number]): Promise<RunningServer> {
    const config = loadConfig({ PORT: '0', RUNBOARD_PRICES: join(folder, dollars) });
    const log = pino({ level: 'silent' });
    const server = await startServer({ config, databaseUrl: database.url, clock: Date.now, log });
    servers.push(server);
    return server;
  }

  async function call(server: RunningServer, callId: string): Promise<void> {
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    const data = { callId, sessionId: 's', at: '2026-01-31T09:00:00Z', model: 'm', usage };
    const body = JSON.stringify({ specversion: '1.0', source: '/test', id: callId, type: 'llm_call.recorded', data });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    expect((await fetch(`${server.url}/v1/events`, { method: 'POST', headers, body })).status).toBe(200);
  }

  /** Waits until the calls cost that, in dollars; the test's time limit says when that is never. */
  async function untilCosts(...dollars: number[]): Promise<void> {
    for (let costs: unknown; JSON.stringify(costs) !== JSON.stringify(dollars); await sleep(20)) {
      const { rows } = await database.database.inOrganization('acme', (tx) =>
        tx.query<{ cost: number }>(`select (cost_nanos / 1e9)::float8 as cost from llm_calls order by call_id`),
      );
      costs = rows.map(({ cost }) => cost);
    }
  }

  it('are brought to them, also where the database was away when the service started', async () => {
    const before = await serve('1');
    await call(before, 'a');
    await untilCosts(1);
    const owner = new pg.Client({ connectionString: urlOf('postgres') });
    await owner.connect();
    const name = new URL(database.url).pathname.slice(1);
    try {
      await owner.query(`alter database ${name} allow_connections false`);
      await serve('3');
      await sleep(300);
      await untilCosts(1);
    } finally {
      await owner.query(`alter database ${name} allow_connections true`);
      await owner.end();
    }
    await untilCosts(3);
  });

  it('are brought to them again after an older service has gone on beside the new one', async () => {
    const older = await serve('1');
    await call(older, 'a');
    const newer = await serve('3');
    await untilCosts(3);
    await call(older, 'b');
    await call(newer, 'c');
    await untilCosts(3, 1, 3);
    // as the new one does by itself after some minutes
    await serve('3');
    await untilCosts(3, 3, 3);
  });
});
