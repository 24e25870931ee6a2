import { once } from 'node:events';
import { Agent, request as rawRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createOrganization } from '../../src/access/organizations.js';
import { createToken } from '../../src/access/tokens.js';
import { loadConfig } from '../../src/config.js';
import { problem } from '../../src/contract/answers.js';
import { startServer } from '../../src/server.js';
import { testDatabase } from '../support/database.js';
import { testService, type TestService } from '../support/service.js';

/** A request whose body is still to come: it is being answered until it is finished or destroyed. */
async function pending(address: string, token: string): Promise<ClientRequest> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sending = rawRequest(`${address}/v1/events`, { method: 'POST', headers, agent: new Agent() });
  sending.on('error', () => {});
  sending.write('[');
  await once(sending, 'socket').then(([socket]) => socket.connecting && once(socket, 'connect'));
  return sending;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come to that');
}

async function inFlight(address: string): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  return Number(/^runboard_http_requests_in_flight (\d+)$/m.exec(text)![1]);
}

describe('more requests than there may be at a time', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await testService({ config: { maxConcurrency: 4 } });
  });
  afterAll(() => service.stop());

  const send = async (token: string): Promise<unknown[]> => {
    const { status, body, headers } = await service.request('/v1/events', { token, body: [] });
    return status === 200 ? [200] : [status, body.code, headers.get('retry-after'), body.detail];
  };
  const ask = async (token: string): Promise<number> => (await service.request('/v1/catalogue', { token })).status;

  it('get a 503 that says when to come back, and are let in when others have ended', async () => {
    const { address, token, database } = service;
    const another = await createToken(database, 'acme', { name: 'another', scopes: ['ingest'] });
    const beta = await service.organization('beta');
    const held = await Promise.all([token, token].map((one) => pending(address, one)));
    await until(async () => (await send(token))[0] === 503);
    // unfinished bodies of one token leave room for others of its organization
    expect(await send(token)).toEqual([503, 'busy', '1', expect.stringContaining('bodies with this token')]);
    expect(await send(another.token)).toEqual([200]);

    held.push(await pending(address, another.token));
    await until(async () => (await inFlight(address)) === 3);
    // the last place is not for an organization that has all others
    expect(await send(another.token)).toEqual([503, 'busy', '1', expect.stringContaining('of this organization')]);
    expect(await send(beta)).toEqual([200]);

    held.push(await pending(address, beta));
    await until(async () => (await inFlight(address)) === 4);
    expect(await send(beta)).toEqual([503, 'busy', '1', expect.stringContaining('being answered already')]);
    for (const path of ['/health', '/ready', '/metrics', '/openapi.json']) {
      expect([path, (await service.request(path)).status]).toEqual([path, 200]);
    }
    // questions have places of their own
    expect([await ask(token), await ask(beta)]).toEqual([200, 200]);

    held[0]!.end(']');
    const [response] = (await once(held[0]!, 'response')) as [IncomingMessage];
    expect(response.resume().statusCode).toBe(200);
    await until(async () => (await inFlight(address)) === 3);
    expect(await send(token)).toEqual([200]);

    // a caller who goes away makes room as well
    for (const one of held.slice(1)) one.destroy();
    await until(async () => (await inFlight(address)) === 0);
  });

  it('are all answered if each is sent again as it is told', async () => {
    const send = async (id: number): Promise<number> => {
      const event = {
        specversion: '1.0',
        id: `e${id}`,
        source: 'many',
        type: 'run.deleted',
        time: '2026-01-01T00:00:00Z',
      };
      const { status, body } = await service.request('/v1/events', { body: { ...event, data: { runId: `r${id}` } } });
      return status === 503 ? send(id) : body.accepted;
    };
    const accepted = await Promise.all(Array.from({ length: 30 }, (_, id) => send(id)));
    expect(accepted).toEqual(Array.from({ length: 30 }, () => 1));
  });
});

/** What comes back when these bytes are sent. */
async function sendRaw(address: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  socket.write(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('a service of its own', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 'no HTTP request'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`, '16 KiB'],
  ])('answers %s with a problem too', async (_what, text, says) => {
    const { url: databaseUrl, drop } = await testDatabase();
    const config = { ...loadConfig({}), port: 0 };
    const server = await startServer({ config, databaseUrl, clock: Date.now, log: pino({ level: 'silent' }) });
    const [head, body] = (await sendRaw(server.url, text)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(problem.parse(JSON.parse(body!)).detail).toContain(says);
    await server.stop();
    await drop();
  });

  it('that ends finishes what is in flight, and tells whoever comes meanwhile', async () => {
    const { url: databaseUrl, database, drop } = await testDatabase();
    await createOrganization(database, 'acme');
    const { token } = await createToken(database, 'acme', { name: 'test', scopes: ['ingest', 'read'] });
    const config = { ...loadConfig({}), port: 0 };
    const server = await startServer({ config, databaseUrl, clock: Date.now, log: pino({ level: 'silent' }) });
    const held = await pending(server.url, token);
    await until(async () => (await inFlight(server.url)) === 1);

    const stopped = server.stop();
    const headers = { authorization: `Bearer ${token}` };
    const late = await fetch(`${server.url}/v1/catalogue`, { headers });
    expect([late.status, late.headers.get('retry-after'), late.headers.get('connection')]).toEqual([503, '1', 'close']);
    expect((await fetch(`${server.url}/ready`)).status).toBe(503);

    held.end(']');
    const [response] = (await once(held, 'response')) as [IncomingMessage];
    expect(response.resume().statusCode).toBe(200);
    await stopped;
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
    await drop();
  });
});
