import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createToken } from '../../src/access/tokens.js';
import { loadConfig } from '../../src/config.js';
import { openDatabase } from '../../src/db/pool.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { inProcess } from '../support/in-process.js';
import { served, until, type Served } from '../support/served.js';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const COUNT = 2_000;
const WINDOW = `from=0&to=${NOW}`;
/** A text of several lines, in which a row seems to end. */
const SUMMARY = `"${'x'.repeat(6_000)}"\r\nr9,s9\n`.repeat(2);

let service: Served;
/** the same without a pace */
let patient: RunningServer;
let second: string;
let delegate: string;
beforeAll(async () => {
  service = await served({ stallTimeoutMs: 1_000, exportBytesPerSecond: 20_000_000 });
  const database = openDatabase({ connectionString: service.databaseUrl, size: 1, statementTimeoutMs: 5_000 });
  second = (await createToken(database, 'acme', { name: 'second', scopes: ['read'] })).token;
  delegate = (await createToken(database, 'acme', { name: 'delegate', scopes: ['read', 'delegate'] })).token;
  await database.close();
  const config = { ...loadConfig({}), port: 0, exportBytesPerSecond: 1 };
  patient = await startServer({
    config,
    databaseUrl: service.databaseUrl,
    clock: Date.now,
    log: pino({ level: 'silent' }),
  });
  await send(Array.from({ length: COUNT }, (_, index) => run(index)));
});
afterAll(async () => {
  await patient.stop();
  await service.stop();
});

const idOf = (index: number): string => `r${index}`;

function run(index: number, more: object = {}) {
  const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
  const sessionId = index === 0 ? 's' : undefined;
  const data = { runId: idOf(index), sessionId, startedAt, completedAt: startedAt, status: 'FAILED' };
  return {
    ...{ specversion: '1.0', id: JSON.stringify([index, more]), source: 'test', type: 'run.completed' },
    data: { ...data, errorSummary: SUMMARY, ...more },
  };
}

async function send(events: object[]): Promise<void> {
  const headers = { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' };
  for (let from = 0; from < events.length; from += 500) {
    const body = JSON.stringify(events.slice(from, from + 500));
    expect((await fetch(`${service.url}/v1/events`, { method: 'POST', headers, body })).status).toBe(200);
  }
}

/** Reads an export slowly, but never stops; answers the connection, and what came by it once it is closed. */
function readSlowly({ url }: RunningServer, token: string, headers: Record<string, string> = {}) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
  const lines = Object.entries({ Host: 'x', Authorization: `Bearer ${token}`, ...headers });
  const head = [`GET /v1/export/runs.csv?${WINDOW} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  socket.write([...head, '', ''].join('\r\n'));
  const got: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    got.push(chunk);
    socket.pause();
    setTimeout(() => socket.resume(), 20);
  });
  return { socket, whole: once(socket, 'close').then(() => Buffer.concat(got).toString()) };
}

async function exporting({ url }: RunningServer): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^runboard_database_connections\{pool="exports",state="used"\} (\d+)$/m.exec(text)![1]);
}

const ask = ({ url }: RunningServer, query: string, token: string, headers = {}): Promise<Response> =>
  fetch(`${url}/v1/export/runs.csv?${query}`, { headers: { authorization: `Bearer ${token}`, ...headers } });

/** The ids and the last cursor of an export. */
function rowsIn(text: string): { ids: string[]; cursor: string } {
  const rows = text
    .replaceAll(/"[^"]*"/g, '')
    .split('\r\n')
    .slice(1, -1);
  return { ids: rows.map((row) => row.split(',')[0]!), cursor: rows.at(-1)?.split(',').at(-1) ?? 'start' };
}

describe('the reader of an export who is too slow', () => {
  it('is cut off without a proper end, however steadily it reads', async () => {
    const got = await readSlowly(service, service.token).whole;
    expect(got).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(got.length).toBeLessThan(COUNT * SUMMARY.length);
    expect(got).not.toMatch(/\r\n0\r\n\r\n$/);
    await until(async () => (await exporting(service)) === 0);
  });

  it('takes nothing from other tokens of the organization', async () => {
    const slow = readSlowly(patient, service.token);
    await until(async () => (await exporting(patient)) === 1);
    for (const token of [second, delegate]) expect((await ask(patient, `${WINDOW}&limit=1`, token)).status).toBe(200);
    expect(await exporting(patient)).toBeGreaterThanOrEqual(1);
    slow.socket.destroy();
    await until(async () => (await exporting(patient)) === 0);
  });

  it('takes nothing from others who ask by the same Grafana', async () => {
    const as = (email: string) => ({
      'X-Runboard-Viewer-Kind': 'user',
      'X-Runboard-Viewer-Role': 'Admin',
      'X-Runboard-Viewer-Email': email,
    });
    const slow = readSlowly(patient, delegate, as('ann@example.com'));
    await until(async () => (await exporting(patient)) === 1);
    expect((await ask(patient, `${WINDOW}&limit=1`, delegate, as('bob@example.com'))).status).toBe(200);
    expect(await exporting(patient)).toBeGreaterThanOrEqual(1);
    slow.socket.destroy();
    await until(async () => (await exporting(patient)) === 0);
  });
});

describe('an export with a cursor', () => {
  it('goes on where it was cut off: each row once, whatever changed meanwhile', async () => {
    const first = await ask(service, `${WINDOW}&cursor=start&limit=800`, service.token);
    const before = rowsIn(await first.text());
    expect(before.ids).toHaveLength(800);
    // rows of both parts begin earlier or later, and there are new ones
    const moved = [7, 1_900].flatMap((index) => [0, NOW - 60_000].map((at) => run(index, moment(at + index))));
    await send([...moved, run(COUNT), run(COUNT + 1)]);
    const rest = rowsIn(await (await ask(service, `${WINDOW}&cursor=${before.cursor}`, service.token)).text());
    const all = Array.from({ length: COUNT }, (_, index) => idOf(index)).sort();
    expect(before.ids).toEqual(all.slice(0, 800));
    expect(rest.ids.filter((id) => all.includes(id))).toEqual(all.slice(800));
    // r2000 and r2001 are greater as texts than r1717, the last of the first part
    expect(rest.ids).toHaveLength(COUNT - 800 + 2);
  });

  it('has sessions, too', async () => {
    const answer = await fetch(`${service.url}/v1/export/sessions.csv?${WINDOW}&cursor=start`, {
      headers: { authorization: `Bearer ${service.token}` },
    });
    const [titles, row] = (await answer.text()).split('\r\n');
    expect([titles!.split(',').at(-1), row!.split(',').at(-1)]).toEqual([
      'cursor',
      Buffer.from('s').toString('base64url'),
    ]);
  });

  it.each([
    ['runs.csv', 'cursor=x', 'cursor must be start'],
    ['runs.csv', 'cursor=AA', 'cursor must be start'],
    ['runs.csv', 'cursor=start&cursor=start', 'more than once'],
    ['runs.csv', 'cursor=start&orderBy=duration', 'orderBy cannot be combined'],
    ['sessions.csv', 'cursor=start&offset=1', 'offset cannot be combined'],
    ['table.csv', 'cursor=start&metrics=runs', 'a file of table has no cursor'],
  ])('%s?%s is refused', async (view, query, says) => {
    const answer = await fetch(`${service.url}/v1/export/${view}?${WINDOW}&${query}`, {
      headers: { authorization: `Bearer ${service.token}` },
    });
    expect(await answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining(says) });
  });
});

describe('runboard export', () => {
  const runboard = inProcess(NOW, () => service.databaseUrl);
  const PERIOD = ['export', 'runs', '--from', '2026-01-01', '--to', '2026-02-01'];

  it('goes on by itself where a connection breaks, and has each row once', async () => {
    const proxy = await breakingProxy(Number(new URL(service.url).port), [20_000, 3_000_000, 3_100_000, 9_000_000]);
    const whole = await runboard(...PERIOD);
    expect(whole.code).toBe(0);
    expect(rowsIn(whole.out).ids).toHaveLength(COUNT);
    const there = await runboard(...PERIOD, '--url', proxy.url, '--token', second);
    expect([there.code, there.message, proxy.broken()]).toEqual([0, '', 4]);
    expect(there.out === whole.out).toBe(true);
    proxy.close();
  });

  it('says that the file is not whole where it cannot', async () => {
    const proxy = await breakingProxy(Number(new URL(service.url).port), [3_000_000]);
    const ordered = [...PERIOD, '--order-by', 'duration', '--url', proxy.url, '--token', second];
    const { code, message } = await runboard(...ordered);
    expect([code, message]).toEqual([1, expect.stringMatching(/incomplete.*leave out --order-by/)]);
    proxy.close();
  });
});

const moment = (ms: number) => {
  const startedAt = new Date(Math.max(ms, Date.UTC(2026, 0, 1))).toISOString();
  return { startedAt, completedAt: startedAt };
};

/** Passes connections on, and breaks the one in use each time that so many bytes went through it and others. */
async function breakingProxy(port: number, after: number[]) {
  const left = [...after];
  const open = new Set<Socket>();
  let bytes = 0;
  const server: Server = createServer((client) => {
    const behind = connect(port, '127.0.0.1').on('error', () => {});
    open.add(client).add(behind);
    client.on('error', () => {}).pipe(behind);
    behind.on('data', (chunk: Buffer) => {
      const room = (left[0] ?? Infinity) - bytes;
      bytes += chunk.length;
      if (chunk.length <= room) return void client.write(chunk);
      [bytes] = [0, left.shift()];
      behind.destroy();
      client.write(chunk.subarray(0, room), () => client.destroy());
    });
    behind.on('end', () => client.end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    broken: () => after.length - left.length,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
