import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { NOW, rowsOf, startWorld, WINDOW, type World } from './world.js';

const HOUR = 3_600_000;
const at = (ms: number): string => new Date(ms).toISOString();
const seen = (source: string, id: string, time: number): unknown => ({
  ...{ specversion: '1.0', source, id, type: 'session.created', time: at(time) },
  data: { sessionId: `s-${id}`, createdByUserId: 'ann', createdAt: at(Math.min(time, NOW)) },
});

let world: World;
let token: string;
beforeAll(async () => {
  world = await startWorld([]);
  token = await world.organization(
    'sources',
    { memberVisibility: 'team', publicVisibility: 'totals', alertVisibility: 'totals' },
    ['ingest', 'directory', 'read', 'delegate'],
  );
  const ann = { userId: 'ann', email: 'ann@example.org', team: 'core' };
  const body = [
    seen('old', '1', NOW - 300 * HOUR),
    seen('old', '2', NOW - 200 * HOUR),
    seen('new', '3', NOW - HOUR),
    seen('new', '4', NOW - 5 * HOUR),
    seen('ahead', '5', NOW + HOUR),
    { specversion: '1.0', source: 'old', id: '6', type: 'user.upserted', time: at(NOW - 400 * HOUR), data: ann },
  ];
  for (const event of body) expect((await world.request('/v1/events', { token, body: event })).status).toBe(200);
});
afterAll(() => world.stop());

const QUERY = { view: 'table', metrics: ['source_age'], groupBy: ['source'] };

async function ask(query: object, { viewer, window = WINDOW }: { viewer?: TestViewer; window?: object } = {}) {
  const body = { ...window, queries: [{ ...QUERY, ...query }] };
  const headers = viewer ? { headers: headersOf(viewer) } : {};
  return (await world.request('/v1/query', { token, body, ...headers })).body.results.A;
}

describe('the age of sources', () => {
  it('is that of the newest event of each, at least 0, whatever the window', async () => {
    const ages = [
      { source: 'old', source_age: 200 * HOUR },
      { source: 'new', source_age: HOUR },
      { source: 'ahead', source_age: 0 },
    ];
    expect(rowsOf(await ask({}))).toEqual(ages);
    expect(rowsOf(await ask({}, { window: { from: 0, to: 1 } }))).toEqual(ages);
    expect(rowsOf(await ask({ orderBy: 'source', direction: 'asc', limit: 1 }))).toEqual([ages[2]]);
  });

  it.each([
    [{ view: 'series' }, 'series'],
    [{ compare: 'previous' }, 'compare'],
    [{ interval: 'day' }, 'an interval'],
  ])('is as of now: no %j', async (query, what) => {
    const text = `metric source_age is as of now, whatever the window: it takes no ${what}`;
    expect(await ask(query)).toMatchObject({ status: 400, error: text });
  });

  it('can be that of some sources, or of all others', async () => {
    const sources = async (filter: unknown) =>
      rowsOf(await ask({ filters: { source: filter } })).map(({ source }) => source);
    expect(await sources(['new', 'old', 'unheard of'])).toEqual(['old', 'new']);
    expect(await sources({ not: ['new'] })).toEqual(['old', 'ahead']);
    expect((await ask({ filters: { source: ['new'] }, metrics: ['runs'], groupBy: [] })).error).toContain(
      'metric runs does not take the filter source',
    );
  });

  it('needs its group, and takes no other, and a filter on sources only', async () => {
    expect((await ask({ groupBy: [] })).error).toBe('metric source_age needs groupBy ["source"]');
    expect((await ask({ groupBy: ['source', 'team'] })).error).toContain('does not take the grouping team');
    expect((await ask({ filters: { team: ['core'] } })).error).toContain('does not take the filter team');
    expect((await ask({ metrics: ['runs'] })).error).toContain('metric runs does not take the grouping source');
  });

  it.each<[string, TestViewer, number]>([
    ['an administrator', { kind: 'user', role: 'Admin' }, 3],
    ['an alert rule', { kind: 'alert' }, 3],
    ['a member, who sees a part', { kind: 'user', email: 'ann@example.org', auth: 'jwt' }, 0],
    ['a public board', { kind: 'public' }, 0],
    ['a stranger', { kind: 'user', email: 'eve@example.org', auth: 'jwt' }, 0],
  ])('is shown to who sees the whole organization: %s', async (_who, viewer, count) => {
    const result = await ask({}, { viewer });
    expect(result.status).toBe(200);
    expect(rowsOf(result)).toHaveLength(count);
    const values = await world.request('/v1/dimensions/source/values', { token, headers: headersOf(viewer) });
    expect(values.body.values ?? values.body).toHaveLength(count);
  });

  it('says to members why they see none', async () => {
    const viewer = { kind: 'user', email: 'ann@example.org', auth: 'jwt' } as const;
    const { frames } = await ask({}, { viewer });
    expect(frames[0].schema.meta.notices).toContainEqual({
      severity: 'info',
      text: 'sources are shown to those who see the whole organization',
    });
  });

  it('is one number per source for an alert rule', async () => {
    const { frames } = await ask({ view: 'total' }, { viewer: { kind: 'alert' } });
    const fields = frames[0].schema.fields as { labels: object }[];
    expect(fields.map(({ labels }) => labels)).toEqual(['old', 'new', 'ahead'].map((source) => ({ source })));
  });

  it('has the 200 newest sources', async () => {
    const many = await world.organization('many-sources');
    const body = Array.from({ length: 230 }, (_, index) => seen(`source ${index}`, `${index}`, NOW - index * HOUR));
    await world.request('/v1/events', { token: many, body });
    const query = { ...QUERY, view: 'total' };
    const answer = await world.request('/v1/query', { token: many, body: { ...WINDOW, queries: [query] } });
    const { fields } = answer.body.results.A.frames[0].schema;
    expect(fields).toHaveLength(200);
    expect(fields[0].labels).toEqual({ source: 'source 199' });
  });
});
