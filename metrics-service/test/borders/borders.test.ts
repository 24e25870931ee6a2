import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { Random } from '../support/random.js';
import { randomEvents } from '../support/random-events.js';
import { testService, type TestService } from '../support/service.js';
import { CANARY, ofNeighbour } from './neighbour.js';
import { Probes, type Catalogue, type Probe } from './probes.js';
import { eventProbes, telemetryProbes } from './sent-probes.js';
import { toolProbes } from './tool-probes.js';

/**
 * Two databases: in one, an organization is alone; in the other it has a neighbour with the same ids, other names and
 * the same moments, and row-level security is off, so that every statement has to hold the border by itself. Whatever
 * the OpenAPI document says can be asked, and whoever asks: the answers are the same, byte for byte.
 */
const RUNS = Math.max(1, Math.ceil(Number(process.env.RUNBOARD_TEST_RUNS ?? 10) / 10));
const FIRST_SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);
const NOW = Date.parse('2026-12-01T12:34:56.789Z');
const SCOPES = ['ingest', 'directory', 'admin', 'read', 'delegate'] as const;

let alone: TestService;
let beside: TestService;
let owner: pg.Client;

beforeAll(async () => {
  [alone, beside] = await Promise.all([testService({ clock: () => NOW }), testService({ clock: () => NOW })]);
  owner = new pg.Client({ connectionString: beside.url });
  await owner.connect();
  for (const table of await tenantTables()) await owner.query(`alter table ${table} disable row level security`);
});
afterAll(async () => {
  await owner.end();
  await Promise.all([alone.stop(), beside.stop()]);
});

async function tenantTables(): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'org_id'`,
  );
  return rows.map(({ name }) => name);
}

/** All that the tables hold of an organization, but when its token was last used. */
async function allOf(orgId: string): Promise<string> {
  const parts = [];
  for (const table of await tenantTables()) {
    const { rows } = await owner.query<{ row: object }>(
      `select to_jsonb(t) - 'last_used_at' as row from ${table} t where org_id = $1 order by to_jsonb(t)::text`,
      [orgId],
    );
    parts.push(JSON.stringify([table, rows]));
  }
  return parts.join('\n');
}

it(
  'answers as if there were no neighbour',
  async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) await compareWorld(seed);
  },
  900_000 * RUNS,
);

async function compareWorld(seed: number): Promise<void> {
  const orgId = `world-${seed}`;
  const neighbour = `${CANARY}-${seed}`;
  const { events, occasion } = randomEvents(seed, { count: 200 });
  const theirs = ofNeighbour(events);
  const tokens = new Map<TestService, string>();
  for (const service of [alone, beside]) {
    const token = await service.organization(orgId, { name: 'Ours' }, [...SCOPES]);
    tokens.set(service, token);
    await send(service, token, events.slice(0, 130));
  }
  const key = await beside.organization(neighbour, { name: neighbour, storeText: true }, [...SCOPES]);
  await send(beside, key, theirs);
  // rejected ones, too
  await beside.request('/v1/events', { token: key, body: theirs.map((event) => ({ ...event, type: CANARY })) });
  const before = await allOf(neighbour);
  expect(before.split(CANARY).length).toBeGreaterThan(500);

  const random = new Random(seed);
  const window = { from: occasion.at - 60 * 86_400_000, to: occasion.at + 60 * 86_400_000 };
  const viewers = viewersOf(theirs);
  const ask = async (service: TestService, { method, path, body }: Probe, viewer: TestViewer | null) =>
    plain(
      await service.request(path, {
        method: method.toUpperCase(),
        body,
        token: tokens.get(service)!,
        headers: { 'x-request-id': 'probe', ...(viewer ? headersOf(viewer) : {}) },
      }),
    );
  const probes = await everything(
    tokens.get(beside)!,
    random,
    new Probes(await catalogue(), theirs, { window, random }),
  );
  for (const probe of probes) {
    const writes = probe.path === '/v1/events' || probe.path === '/v1/logs' || probe.path.startsWith('/v1/hooks/');
    for (const viewer of writes ? [null] : [null, random.pick(viewers)]) {
      const [got, expected] = await Promise.all([ask(beside, probe, viewer), ask(alone, probe, viewer)]);
      const asked = JSON.stringify([probe, viewer]);
      if (got !== expected)
        throw new Error(`seed ${seed}\ngot      ${got}\nexpected ${expected}\nto ${asked.slice(0, 5000)}`);
      if (!asked.includes(CANARY)) expect(got).not.toContain(CANARY);
    }
  }
  expect(await allOf(neighbour)).toBe(before);
}

async function send(service: TestService, token: string, body: unknown): Promise<void> {
  const answer = await service.request('/v1/events', { body, token });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

async function catalogue(): Promise<Catalogue> {
  return (await alone.request('/v1/catalogue')).body as Catalogue;
}

/** Probes of every route that the document has, of every member of a query and every tool; it fails for want of one. */
async function everything(token: string, random: Random, probes: Probes): Promise<Probe[]> {
  const { body: document } = await beside.request('/openapi.json');
  const { body: answer } = await beside.request('/mcp', {
    token,
    body: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
  });
  const members = Object.keys(document.components.schemas.Query.properties as object);
  expect(Object.keys(probes.members).sort()).toEqual(members.sort());
  const [view] = document.paths['/v1/export/{view}.csv'].get.parameters as [{ schema: { enum: string[] } }];
  const once = (path: string): Probe[] => [{ method: 'get', path }];
  const routes: Record<string, Probe[]> = {
    'get /': once('/'),
    'get /health': once('/health'),
    'get /ready': once('/ready'),
    'get /openapi.json': once('/openapi.json'),
    'get /docs': once('/docs'),
    // of the whole process
    'get /metrics': [],
    'get /v1/catalogue': once('/v1/catalogue'),
    'get /v1/me': [...once('/v1/me'), ...once('/v1/me?data=true')],
    'get /v1/dimensions/{name}/values': probes.values(),
    'get /v1/export/{view}.csv': probes.files(view.schema.enum),
    'get /v1/live': [...once('/v1/live'), ...once('/v1/live?limit=1&var-team=core')],
    'get /v1/costs/by-work-item': once('/v1/costs/by-work-item?from=0&to=4000000000000'),
    'get /v1/costs/summary': once('/v1/costs/summary'),
    'get /v1/work-items/costs': once('/v1/work-items/costs?id=MIN-1'),
    'get /v1/work-items/{id}/costs': once('/v1/work-items/min-1/costs'),
    'get /v1/badges/{badgeToken}.json': once(`/v1/badges/rbb_${'x'.repeat(27)}.json`),
    'get /v1/badges/{badgeToken}.svg': once(`/v1/badges/rbb_${'x'.repeat(27)}.svg`),
    'post /v1/query': probes.queries(),
    'post /mcp': toolProbes(probes, answer.result.tools),
    'post /v1/events': eventProbes(probes.theirs),
    ...Object.fromEntries(telemetryProbes(probes.theirs).map((probe) => [`post ${probe.path}`, [probe]])),
    'options /v1/events': [{ method: 'options', path: '/v1/events' }],
  };
  const described = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(Object.keys(routes).sort()).toEqual(described.sort());
  // what was sent is asked about, too
  return [
    ...Object.values(routes).flat(),
    ...random.some([...probes.queries(), ...probes.files(view.schema.enum)], 20),
  ];
}

/** One of each kind; who is somebody only next door, too. */
function viewersOf(theirs: readonly { data: Record<string, unknown> }[]): TestViewer[] {
  const emails = [
    ...new Set(theirs.map(({ data }) => data.email).filter((email) => typeof email === 'string' && email)),
  ];
  const user = (email: string): TestViewer => ({ kind: 'user', email, role: 'Viewer', auth: 'trusted' });
  return [
    ...emails.map((email) => user(email as string)),
    ...emails.map((email) => user((email as string).replace(`${CANARY}.`, ''))),
    { ...user(''), role: 'Admin' },
    { kind: 'alert' },
    { kind: 'public' },
  ];
}

const OF_THE_MOMENT = /^(date|ratelimit.*|x-ratelimit.*|keep-alive|connection)$/;

/** How long statements took, in JSON or in a text of JSON. */
const TIMES = /\\*"ms\\*":[\d.e-]+/g;

/** An answer with all its headers, but for what names the token or the moment, or a time that was measured. */
function plain({ status, headers, body }: Awaited<ReturnType<TestService['request']>>): string {
  const kept = [...headers].filter(([name]) => !OF_THE_MOMENT.test(name));
  const told = body?.token ? { ...body, token: { ...body.token, id: '' } } : body;
  const text = JSON.stringify([status, kept, told]);
  return text.search(TIMES) >= 0 ? text.replace(TIMES, '"ms":0').replace(/"content-length","\d+"/, '') : text;
}
