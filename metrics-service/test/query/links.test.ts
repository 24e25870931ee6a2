import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryAnswer, type Frame } from '../../src/contract/frames.js';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { startWorld, WINDOW, WORLD, type World } from './world.js';

let world: World;
let token: string;
beforeAll(async () => {
  world = await startWorld();
  token = await world.organization('linked', { alertVisibility: 'organization' }, [
    'ingest',
    'directory',
    'read',
    'delegate',
  ]);
  await world.request('/v1/events', { token, body: WORLD });
});
afterAll(() => world.stop());

const ADMIN: TestViewer = { kind: 'user', role: 'Admin' };
const FROM_GRAFANA = { 'x-runboard-datasource': 'ds & 1' };

async function ask(query: object, headers: object = { ...FROM_GRAFANA, ...headersOf(ADMIN) }): Promise<Frame> {
  const body = { ...WINDOW, queries: [{ refId: 'A', ...query }] };
  const answer = await world.request('/v1/query', { token, body, headers: headers as Record<string, string> });
  expect(queryAnswer.safeParse(answer.body).error).toBeUndefined();
  return answer.body.results.A.frames[0];
}

const linksOf = ({ schema }: Frame) =>
  Object.fromEntries(
    schema.fields.flatMap(({ name, config }) => (config?.links ? [[name, config.links.map(({ url }) => url)]] : [])),
  );

const SESSION = [
  '/d/runboard-session?${__url_time_range}&var-datasource=ds%20%26%201&var-session=${__value.raw:percentencode}',
];
const USER = [
  '/d/runboard-sessions?${__url_time_range}&var-datasource=ds%20%26%201&var-user=${__data.fields.user_id:percentencode}',
];
const RUN = [
  '/d/runboard-session?${__url_time_range}&var-datasource=ds%20%26%201' +
    '&var-session=${__data.fields.session:percentencode}&var-run=${__value.raw:percentencode}',
];
const SPAN = [
  '/d/runboard-session?from=${__data.fields.startTime.numeric}&to=${__data.fields.endTime.numeric}' +
    '&var-datasource=ds%20%26%201&var-session=${__data.fields.traceID:percentencode}',
];
const WORK_ITEM = [
  '/d/runboard-work-item?${__url_time_range}&var-datasource=ds%20%26%201&var-work_item=${__value.raw:percentencode}',
];
const EPIC = [
  '/d/runboard-work-items?${__url_time_range}&var-datasource=ds%20%26%201&var-epic=${__value.raw:percentencode}',
];
const AGENT = [
  '/d/runboard-agent?${__url_time_range}&var-datasource=ds%20%26%201&var-agent=${__value.raw:percentencode}',
];
const ONE = { filters: { session: ['s1'] } };

describe('links, for a person who asks through a Grafana', () => {
  it.each([
    [{ view: 'sessions' }, { session: SESSION, user: USER, work_item: WORK_ITEM }],
    [
      { view: 'session', ...ONE },
      { session: SESSION, user: USER, work_item: WORK_ITEM },
    ],
    [{ view: 'runs' }, { run: RUN, session: SESSION, user: USER, work_item: WORK_ITEM, agent: AGENT }],
    [{ view: 'work_items' }, { work_item: WORK_ITEM, epic: EPIC }],
    [{ view: 'escalations' }, { run: RUN, session: SESSION, user: USER, work_item: WORK_ITEM, agent: AGENT }],
    [{ view: 'table', metrics: ['runs'], groupBy: ['agent'] }, { agent: AGENT }],
    [{ view: 'tool_calls' }, { run: RUN, session: SESSION }],
    [{ view: 'files' }, { session: SESSION }],
    [{ view: 'handoffs' }, { user: USER }],
    [{ view: 'table', metrics: ['runs'], groupBy: ['user', 'team'] }, { user: USER }],
    [{ view: 'timeline', ...ONE }, { spanID: SPAN }],
    [{ view: 'table', metrics: ['runs'], groupBy: ['team'] }, {}],
    [{ view: 'series', metrics: ['runs'], groupBy: ['user'] }, {}],
    [{ view: 'activity', ...ONE }, {}],
  ])('%j', async (query, links) => {
    expect(linksOf(await ask(query))).toEqual(links);
  });

  it('open the page of a session or run, where there is any', async () => {
    const said = { sessionId: 's1', url: 'https://forge.example/s/1?tab=log' };
    const url = { specversion: '1.0', source: 'pages', id: '1', type: 'session.created' };
    const created = { ...url, data: { ...said, createdAt: '2026-03-02T09:00:00Z' } };
    const started = { ...url, id: '2', type: 'run.started' };
    const run = { ...started, data: { ...said, runId: 'r1', startedAt: '2026-03-02T10:00:00Z' } };
    expect((await world.request('/v1/events', { token, body: [created, run] })).body.accepted).toBe(2);
    for (const query of [{ view: 'runs' }, { view: 'sessions' }, { view: 'session', ...ONE }]) {
      const frame = await ask(query);
      expect(linksOf(frame).url).toEqual(['${__value.raw}']);
      const urls = frame.data.values[frame.schema.fields.findIndex(({ name }) => name === 'url')]!;
      expect(urls.filter((one) => one !== null)).toEqual([said.url]);
    }
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'java\nscript:alert(1)',
    '//forge.example',
    'ftp://forge.example',
    'https://',
    'https://a b',
    'https://a/\u0000',
    ' https://a',
    `https://a/${'x'.repeat(2_000)}`,
  ])('hold no %j', async (url) => {
    const data = { sessionId: 's1', createdAt: '2026-03-02T09:00:00Z', url };
    const event = {
      specversion: '1.0',
      source: 'pages',
      id: url.slice(0, 100).replace('\0', ''),
      type: 'session.created',
      data,
    };
    const { body } = await world.request('/v1/events', { token, body: event });
    expect(body.rejected).toMatchObject([{ code: 'invalid_event', path: 'data.url' }]);
  });

  it('lead from those without a user to the others without one', async () => {
    const { schema } = await ask({ view: 'runs' });
    expect(schema.fields.find(({ name }) => name === 'user_id')?.config).toMatchObject({ noValue: '(none)' });
  });

  it('say where a span ends, and leave no range empty', async () => {
    const { schema, data } = await ask({ view: 'timeline', ...ONE });
    const valuesOf = (name: string) => data.values[schema.fields.findIndex((field) => field.name === name)] as number[];
    const spans = valuesOf('startTime').map((start, index) => ({
      lasts: valuesOf('duration')[index]!,
      shown: valuesOf('endTime')[index]! - start,
    }));
    expect(spans.some(({ lasts }) => lasts === 0)).toBe(true);
    for (const { lasts, shown } of spans) expect(shown).toBe(lasts === 0 ? 1 : lasts);
  });

  it.each([
    ['the token itself', FROM_GRAFANA],
    ['a person elsewhere', headersOf(ADMIN)],
    ['a data source without a name', { 'x-runboard-datasource': '', ...headersOf(ADMIN) }],
    ['an alert rule', { ...FROM_GRAFANA, ...headersOf({ kind: 'alert' }) }],
  ])('are not there for %s', async (_who, headers) => {
    expect(linksOf(await ask({ view: 'table', metrics: ['runs'], groupBy: ['user'] }, headers))).toEqual({});
    const { schema } = await ask({ view: 'timeline', ...ONE }, headers);
    expect(schema.fields.map(({ name }) => name)).not.toContain('endTime');
  });
});
