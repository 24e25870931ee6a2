import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TAKES } from '../../src/catalogue/dimensions.js';
import { queryAnswer } from '../../src/contract/frames.js';
import { startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const HOSTILE = [
  "'; drop table runs; --",
  '"; drop table runs; --',
  "' or '1'='1",
  '$1',
  '$1::text); select pg_sleep(10); --',
  '\\',
  '%',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e\u{1f600}',
  '__proto__',
  'constructor',
  'toString',
  '{{7*7}}',
  'NaN',
  '-1',
  '1e999',
  ' ',
  'x'.repeat(100_000),
];

const QUERY = {
  refId: 'A',
  view: 'table',
  metrics: ['runs', 'active_sessions', 'active_users_7d'],
  groupBy: ['user'],
  orderBy: 'runs',
  limit: 5,
};

/** A query with the text in one place after the other: values, names and members. */
function everywhere(text: string): unknown[] {
  const dimensions = TAKES.runs.filters;
  return [
    ...['view', 'metrics', 'groupBy', 'interval', 'compare', 'orderBy', 'direction', 'limit', 'offset'].map(
      (member) => ({
        ...QUERY,
        [member]: text,
      }),
    ),
    ...['from', 'to', 'timezone', 'maxDataPoints', 'filters', 'refId'].map((member) => ({ ...QUERY, [member]: text })),
    ...['metrics', 'groupBy'].map((member) => ({ ...QUERY, [member]: [text] })),
    ...dimensions.map((dimension) => ({ ...QUERY, groupBy: [], filters: { [dimension]: [text] } })),
    ...dimensions.map((dimension) => ({ ...QUERY, filters: { [dimension]: { not: [text, '(none)'] } } })),
    { ...QUERY, view: 'sessions', orderBy: 'runs', filters: { local_handoff: text } },
    { ...QUERY, view: 'sessions', orderBy: 'runs', filters: { session: text, status: text } },
    ...[
      'session',
      'activity',
      'timeline',
      'runs',
      'handoffs',
      'annotations',
      'data_quality',
      'headline',
      'findings',
    ].map((view) => ({
      ...QUERY,
      ...{ view, orderBy: undefined, filters: { session: text } },
    })),
    ...['runs', 'handoffs', 'annotations'].flatMap((view) => [
      { view, orderBy: text, filters: { user: text, model: text, post_handoff_iteration: true } },
      { view, kinds: [text], limit: text, filters: { local_handoff: text } },
    ]),
    { ...QUERY, view: 'series', interval: 'day', filters: { user: text } },
    { ...QUERY, metrics: ['total_cost'], filters: { call_model: text } },
    { ...QUERY, metrics: ['avg_phase_duration'], groupBy: ['phase'], filters: { phase: text } },
    { ...QUERY, filters: Object.fromEntries([[text, 'x']]) },
    { ...QUERY, ...Object.fromEntries([[text, text]]) },
    text,
    [text],
  ];
}

it.each(HOSTILE)('answers %j in every place, and harms nothing', async (text) => {
  const before = await world.ask({ ...QUERY, filters: {} });
  for (const query of everywhere(text)) {
    // Object.fromEntries of __proto__ must arrive as a member of that name
    const { status, body } = await world.request('/v1/query', { body: { ...WINDOW, queries: [query] } });
    expect({ query, status }).toEqual({ query, status: 200 });
    expect(queryAnswer.safeParse(body).error).toBeUndefined();
    const [result] = Object.values<{ status: number }>(body.results);
    expect([200, 400]).toContain(result!.status);
  }
  for (const member of ['from', 'to', 'timezone', 'maxDataPoints', 'unheard']) {
    const { status } = await world.request('/v1/query', { body: { ...WINDOW, [member]: text, queries: [QUERY] } });
    expect(status).toBe(200);
  }
  const encoded = encodeURIComponent(text.toWellFormed());
  for (const path of [
    `/v1/dimensions/${encoded}/values`,
    ...['user', 'team', 'session', 'call_model', 'phase', 'local_handoff'].map(
      (name) => `/v1/dimensions/${name}/values?search=${encoded}`,
    ),
    ...['from', 'to', 'limit', 'unheard'].map((member) => `/v1/dimensions/team/values?${member}=${encoded}`),
    `/v1/export/${encoded}.csv?from=0&to=1`,
    ...['timezone', 'filters', 'orderBy', 'limit', 'var-user', 'var-session', encoded].map(
      (member) => `/v1/export/runs.csv?from=0&to=1&${member}=${encoded}`,
    ),
  ]) {
    const { status } = await world.request(path.slice(0, 4000));
    expect({ path, status: status < 500 }).toEqual({ path, status: true });
  }
  const after = await world.ask({ ...QUERY, filters: {} });
  expect(after.frames[0]!.data).toEqual(before.frames[0]!.data);
});

it('finds nothing for a text that no row has, and everything for its negation', async () => {
  const total = async (filters: unknown): Promise<unknown> =>
    (await world.ask({ view: 'total', metrics: ['runs'], filters })).frames[0]!.data.values[0]![0];
  for (const text of HOSTILE.filter((value) => value !== '$1')) {
    expect(await total({ repo: [text] })).toBe(0);
    expect(await total({ repo: { not: [text] } })).toBe(5);
  }
});

it('refuses what nests deep', async () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  for (const query of [deep, `{"metrics":${deep}}`, `{"filters":{"repo":${deep}}}`, `{"view":"total","x":${deep}}`]) {
    const { status, body } = await world.request('/v1/query', { method: 'POST', body: `{"queries":[${query}]}` });
    expect([status, body.detail]).toEqual([400, expect.stringContaining('64 levels')]);
  }
  expect((await world.ask(QUERY)).status).toBe(200);
});
