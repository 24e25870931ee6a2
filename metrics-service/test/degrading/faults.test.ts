import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dataFolder, runboard, serve, type Serving } from '../support/command.js';
import { startedRun } from './events.js';
import { DISK_FULL, FAULTS, mayMakeDisks, smallDisk, type Fault, type Surroundings } from './faults.js';
import { ownPostgres } from './own-postgres.js';
import { proxyTo } from './proxy.js';
import { until } from './until.js';

const SHORT = { RUNBOARD_POOL_SIZE: '8', RUNBOARD_STATEMENT_TIMEOUT_MS: '3000', RUNBOARD_QUERY_TIMEOUT_MS: '2000' };
/** No answer may take longer: 5 s for a connection, 5 s for the begin of a transaction, and some for a busy machine. */
const BOUND_MS = 20_000;
const LIMIT_MS = 180_000;

let surroundings: Surroundings;
let service: Serving;
let token: string;
let ends: (() => unknown)[] = [];
let sent = 0;
/** the runs of requests that were answered 200 */
let acknowledged: string[] = [];

/** `megabytes`: on a disk of its own of that size. */
async function open(megabytes?: number): Promise<void> {
  const folder = await dataFolder();
  ends.push(() => folder.remove());
  if (megabytes !== undefined) ends.push(smallDisk(folder.path, megabytes));
  const postgres = await ownPostgres(folder.path);
  ends.push(() => postgres.stop());
  const proxy = await proxyTo(postgres.port);
  ends.push(() => proxy.close());
  surroundings = { postgres, proxy, dataDir: folder.path };
  const databaseUrl = postgres.ownerUrl(proxy.port);
  service = await serve(databaseUrl, SHORT);
  const environment = { DATABASE_URL: databaseUrl };
  await runboard(['org', 'create', 'acme'], environment);
  const made = await runboard(
    ['token', 'create', '--org', 'acme', '--name', 'n', '--scope', 'ingest', '--scope', 'read'],
    environment,
  );
  token = made.stdout.trim();
}

/** One process served all the time, in which nothing went past everything that catches. */
async function close(): Promise<void> {
  const { code, stderr } = await service.end();
  for (const end of ends.reverse()) await end();
  [ends, acknowledged] = [[], []];
  expect([code, stderr]).toEqual([0, '']);
}

async function request(path: string, { body, as = token }: { body?: object; as?: string } = {}) {
  const headers = { authorization: `Bearer ${as}`, 'content-type': 'application/json' };
  const response = await fetch(service.url + path, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers,
    signal: AbortSignal.timeout(BOUND_MS),
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: (await response.json()) as any,
  };
}

/** Sends a pair of runs, all of it or nothing, with some bytes that want to be stored. */
async function send(): Promise<Awaited<ReturnType<typeof request>>> {
  const pair = [`${(sent += 1)}-a`, `${sent}-b`];
  const events = pair.map((id) => ({ ...startedRun(id), note: 'x'.repeat(50_000) }));
  const answer = await request('/v1/events', { body: events });
  if (answer.status === 200) acknowledged.push(...pair);
  return answer;
}

const ask = () =>
  request('/v1/query', {
    body: { from: 0, to: Date.now(), queries: [{ refId: 'A', view: 'total', metrics: ['runs'] }] },
  });

async function stored(): Promise<Set<string>> {
  const client = await surroundings.postgres.superuser();
  const { rows } = await client.query<{ run_id: string }>(`select run_id from runs where org_id = 'acme'`);
  await client.end();
  return new Set(rows.map(({ run_id }) => run_id));
}

async function itDegradesWell({ begin, reason, questions = false }: Fault): Promise<void> {
  expect((await send()).status).toBe(200);
  let isOver = false;
  // somebody sends all the time: something is under way when it happens
  const sender = (async () => {
    while (!isOver) if ((await send()).status !== 200) await sleep(50);
  })();
  const end = await begin(surroundings);

  let refused: Awaited<ReturnType<typeof send>>;
  await until(async () => (refused = await send()).status !== 200);
  expect(refused!).toMatchObject({ status: 503, retryAfter: '1', body: { code: 'database_unavailable' } });

  expect((await request('/health')).status).toBe(200);
  let ready: Awaited<ReturnType<typeof request>>;
  await until(async () => (ready = await request('/ready')).status !== 200);
  expect([ready!.status, ready!.body.detail]).toEqual([503, expect.stringMatching(reason)]);
  const asked = await ask();
  const answers = [
    [200, undefined],
    [503, 'database_unavailable'],
  ];
  const expected = questions === null ? answers : [answers[questions ? 0 : 1]];
  expect(expected).toContainEqual([asked.status, asked.body.code]);
  // a token is never refused because it cannot be looked up
  const unknown = await request('/v1/me', { as: `rb_${'x'.repeat(40)}` });
  expect(questions === null ? [401, 503] : [questions ? 401 : 503]).toContain(unknown.status);

  await end();
  await until(async () => (await request('/ready')).status === 200);
  await until(async () => (await send()).status === 200);
  expect((await ask()).body.results.A.status).toBe(200);
  isOver = true;
  await sender;

  const runs = await stored();
  expect(acknowledged.filter((id) => !runs.has(id))).toEqual([]);
  const halves = [...runs].filter((id) => !runs.has(id.replace(/[ab]$/, (half) => (half === 'a' ? 'b' : 'a'))));
  expect(halves).toEqual([]);
}

describe('a database', () => {
  beforeAll(() => open(), LIMIT_MS);
  afterAll(close, LIMIT_MS);

  it.each(FAULTS)('that $name', itDegradesWell, LIMIT_MS);
});

// elsewhere it is skipped, by its name
(mayMakeDisks() ? describe : describe.skip)('a database on a small disk', () => {
  beforeAll(() => open(400), LIMIT_MS);
  afterAll(close, LIMIT_MS);

  it('that is full', () => itDegradesWell(DISK_FULL), LIMIT_MS);
});
