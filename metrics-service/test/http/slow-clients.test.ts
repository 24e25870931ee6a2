import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { problem } from '../../src/contract/answers.js';
import { served, until, type Served } from '../support/served.js';

/** All that comes until the service closes the connection, while something is sent again and again. */
async function trickle(socket: Socket, piece: string): Promise<string> {
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  const sending = setInterval(() => socket.write(piece), 50);
  await once(socket, 'close');
  clearInterval(sending);
  return answer;
}

const head = ({ token }: Served, request: string, ...more: string[]): string =>
  [`${request} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${token}`, ...more, '', ''].join('\r\n');
const JSON_BODY = 'Content-Type: application/json';

describe('a request that arrives too slowly', () => {
  let service: Served;
  beforeAll(async () => {
    service = await served({ requestTimeoutMs: 500 });
  });
  afterAll(() => service.stop());

  it.each([
    ['headers', () => 'GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'a'],
    ['a body', () => head(service, 'POST /v1/events', JSON_BODY, 'Content-Length: 100000'), ' '],
    ['a body in chunks', () => head(service, 'POST /v1/events', JSON_BODY, 'Transfer-Encoding: chunked'), '1\r\n \r\n'],
    ['a body that nobody asked for', () => head(service, 'GET /nothing', 'Content-Length: 100000'), ' '],
  ])('%s: 408, and the end', async (_what, start, piece) => {
    const socket = service.connect();
    socket.write(start());
    const answers = (await trickle(socket, piece)).split(/(?=HTTP\/1\.1 )/);
    const [status, body] = answers.at(-1)!.split('\r\n\r\n');
    expect(status).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
    expect(problem.parse(JSON.parse(body!))).toMatchObject({ code: 'request_timeout', status: 408 });
    await until(async () => (await service.metric('runboard_http_requests_in_flight')) === 0);
  });
});

describe('a client that stops', () => {
  const STALL_MS = 1_000;
  let service: Served;
  beforeAll(async () => {
    service = await served({ stallTimeoutMs: STALL_MS });
  });
  afterAll(() => service.stop());

  const inFlight = (): Promise<number> => service.metric('runboard_http_requests_in_flight');

  it.each([
    ['before it says anything', () => ''],
    ['within the headers', () => 'GET /health HTTP/1.1\r\n'],
    ['within a body', () => `${head(service, 'POST /v1/events', JSON_BODY, 'Content-Length: 9')}[`],
  ])('%s is cut off', async (_what, start) => {
    const socket = service.connect();
    socket.write(start());
    await once(socket.resume(), 'close');
    await until(async () => (await inFlight()) === 0);
  });

  it('reading an export is cut off, and the database has its connection back', async () => {
    await insertRuns(service, { count: 6_000, errorSummary: 'x'.repeat(4_000) });
    const exporting = () => service.metric('runboard_database_connections\\{pool="exports",state="used"\\}');
    const socket = service.connect();
    socket.write(head(service, `GET /v1/export/runs.csv?from=0&to=${Date.now()}`));
    await once(socket, 'readable');
    expect([await inFlight(), await exporting()]).toEqual([1, 1]);
    await until(async () => (await inFlight()) === 0);
    await until(async () => (await exporting()) === 0);
    socket.destroy();
  });

  it('for less than that again and again is served', async () => {
    const socket = service.connect();
    socket.write(head(service, 'POST /v1/events', JSON_BODY, 'Content-Length: 6', 'Connection: close'));
    for (const piece of ['[', ' ', ' ', ' ', ' ', ']']) {
      await delay(STALL_MS / 3);
      socket.write(piece);
    }
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    socket.destroy();
  });

  it('only to wait for the answer is not cut off', async () => {
    const blocker = new pg.Client({ connectionString: service.databaseUrl });
    await blocker.connect();
    await blocker.query('begin; lock table runs in access exclusive mode');
    const asked = fetch(`${service.url}/v1/export/runs.csv?from=0&to=1`, {
      headers: { authorization: `Bearer ${service.token}` },
    });
    await delay(3 * STALL_MS);
    await blocker.query('rollback');
    await blocker.end();
    expect((await asked).status).toBe(200);
  });
});

describe('more connections than there may be', () => {
  it('are closed, until others have ended', async () => {
    const service = await served({ maxConnections: 2 });
    const held = [service.connect(), service.connect()];
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    const refused = service.connect();
    refused.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await refused.toArray().catch(() => [])).toEqual([]);
    held.forEach((socket) => socket.destroy());
    await until(async () => (await fetch(`${service.url}/health`).catch(() => null))?.status === 200);
    await service.stop();
  });
});

async function insertRuns({ databaseUrl }: Served, { count, errorSummary }: { count: number; errorSummary: string }) {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  await owner.query(
    `
    insert into runs (org_id, run_id, session_id, started_at, error_summary, stamps, hidden, deleted)
    select 'acme', 'r' || i, 's' || i, timestamptz '2026-01-01 00:00+00' + i * interval '1 minute', $2, '{}', false, false
    from generate_series(1, $1::int) as i`,
    [count, errorSummary],
  );
  await owner.end();
}
