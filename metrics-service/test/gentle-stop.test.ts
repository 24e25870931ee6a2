import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createOrganization } from '../src/access/organizations.js';
import { createToken } from '../src/access/tokens.js';
import { loadConfig } from '../src/config.js';
import { startServer, type RunningServer } from '../src/server.js';
import { testDatabase, type TestDatabase } from './support/database.js';

const BODY = JSON.stringify([
  {
    specversion: '1.0',
    id: 'e',
    source: '/test',
    type: 'run.deleted',
    time: '2026-01-31T09:00:00Z',
    data: { runId: 'r' },
  },
]);

describe('a service that is told to stop', () => {
  let database: TestDatabase;
  let server: RunningServer;
  let token: string;

  beforeEach(async () => {
    database = await testDatabase();
    await createOrganization(database.database, 'acme');
    token = (await createToken(database.database, 'acme', { name: 'test', scopes: ['ingest'] })).token;
    const config = loadConfig({ PORT: '0' });
    const log = pino({ level: 'silent' });
    server = await startServer({ config, databaseUrl: database.url, clock: Date.now, log });
  });
  afterEach(() => database.drop());

  /** Sends the head and the first half of the body, and waits until the service has begun to read. */
  async function halfSent(): Promise<{ finish(): Promise<IncomingMessage> }> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', expect: '100-continue' };
    const options = { method: 'POST', headers: { ...headers, 'content-length': BODY.length } };
    const sent: ClientRequest = request(`${server.url}/v1/events`, options);
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.write(BODY.slice(0, 20));
    return {
      async finish() {
        sent.end(BODY.slice(20));
        const [response] = (await once(sent, 'response')) as [IncomingMessage];
        return response;
      },
    };
  }

  it('takes nothing new, answers what is in flight and keeps it, then ends', async () => {
    const { finish } = await halfSent();
    let hasStopped = false;
    const stopped = server.stop().then(() => (hasStopped = true));
    expect((await fetch(`${server.url}/v1/me`)).status).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(hasStopped).toBe(false);

    const response = await finish();
    expect([response.statusCode, response.headers.connection]).toEqual([200, 'close']);
    const answer = JSON.parse((await response.toArray()).join('')) as unknown;
    expect(answer).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
    await stopped;
    const { rows } = await database.database.inOrganization('acme', (tx) => tx.query('select id from events'));
    expect(rows).toEqual([{ id: 'e' }]);
  });

  it('ends at once where nothing is in flight, kept-alive connections or not', async () => {
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    const begun = Date.now();
    await server.stop();
    expect(Date.now() - begun).toBeLessThan(5_000);
  });
});
