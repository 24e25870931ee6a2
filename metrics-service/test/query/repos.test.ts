import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createToken } from '../../src/access/tokens.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { runboard } from '../support/command.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

const AT = '2026-01-31T09:00:00Z';
let service: TestService;
let events = 0;
const event = (type: string, data: object) => {
  return { specversion: '1.0', id: `e${(events += 1)}`, source: '/test', type, time: AT, data };
};
/** A session with one run of Ann's. */
const session = (sessionId: string, repo: string) => [
  event('session.created', { sessionId, createdAt: AT, createdByUserId: 'ann', repo }),
  event('run.started', { runId: `r-${sessionId}`, sessionId, startedAt: AT }),
];

beforeAll(async () => {
  service = await testService();
  await service.accept(service.token, [
    event('user.upserted', { userId: 'ann', email: 'ann@example.org', name: 'Ann' }),
    ...session('ssh', 'git@github.com:acme/shop.git'),
    ...session('https', 'https://GitHub.com/acme/shop'),
    ...session('name', 'acme/shop'),
    ...session('new', 'acme/store'),
    ...session('other', 'web'),
  ]);
});
afterAll(() => service.stop());

const WINDOW = { from: Date.parse(AT) - 1000, to: Date.parse(AT) + 1000 };
async function ask(query: object, headers: Record<string, string> = {}, token = service.token) {
  const body = { ...WINDOW, queries: [{ refId: 'A', ...query }] };
  const answer = await service.request('/v1/query', { body, headers, token });
  const [frame] = answer.body.results.A.frames;
  const values = frame.data.values as unknown[][];
  return Object.fromEntries(frame.schema.fields.map((field: any, index: number) => [field.name, values[index]]));
}
const byRepo = async (filter?: unknown) => {
  const more = filter === undefined ? {} : { filters: { repo: filter } };
  const { repo, runs } = await ask({
    view: 'table',
    metrics: ['runs'],
    groupBy: ['repo'],
    orderBy: 'repo',
    direction: 'asc',
    ...more,
  });
  return Object.fromEntries(repo.map((name: string, index: number) => [name, runs[index]]));
};
const cli = (...args: string[]) => runboard(['repo', ...args, '--json'], { DATABASE_URL: service.url });

describe('a repository', () => {
  it('is one, however its address is written', async () => {
    expect(await byRepo()).toEqual({ 'acme/shop': 3, 'acme/store': 1, web: 1 });
    expect(await byRepo(['ssh://git@github.com/acme/shop'])).toEqual({ 'acme/shop': 3 });
    expect(await byRepo({ not: ['https://github.com/acme/shop.git', 'web'] })).toEqual({ 'acme/store': 1 });
  });

  it('that was renamed is one with its new name, before and after', async () => {
    const { stdout } = await cli('alias', 'git@github.com:acme/shop.git', 'https://github.com/acme/store');
    expect(JSON.parse(stdout)).toEqual({ repo: 'acme/shop', name: 'acme/store' });
    expect(await byRepo()).toEqual({ 'acme/store': 4, web: 1 });
    await service.accept(service.token, session('late', 'acme/shop'));
    expect(await byRepo()).toEqual({ 'acme/store': 5, web: 1 });
    for (const name of ['acme/shop', 'acme/store']) expect(await byRepo([name])).toEqual({ 'acme/store': 5 });
    const sessions = await ask({ view: 'sessions', filters: { repo: ['acme/shop'] } });
    expect(sessions.repo).toEqual(Array(5).fill('acme/store'));
    const active = await ask({ view: 'total', metrics: ['active_sessions'], filters: { repo: ['acme/store'] } });
    expect(active.active_sessions).toEqual([5]);
    const values = await service.request('/v1/dimensions/repo/values');
    expect(values.body.values.map(({ value }: { value: string }) => value)).toEqual(['acme/store', 'web']);
  });

  it('is so for members, who see a part, too', async () => {
    const { token } = await createToken(service.database, 'acme', { name: 'grafana', scopes: ['read', 'delegate'] });
    const viewer = {
      ...{ 'x-runboard-viewer-auth': 'trusted', 'x-runboard-viewer-kind': 'user' },
      'x-runboard-viewer-email': 'ann@example.org',
    };
    const { repo } = await ask({ view: 'table', metrics: ['runs'], groupBy: ['repo'] }, viewer, token);
    expect(repo).toEqual(['acme/store', 'web']);
  });

  it('stays so when the tables are made anew', async () => {
    const before = await tablesOf(service.database, 'acme');
    await rebuild(service.database, 'acme', loadPrices());
    expect(await tablesOf(service.database, 'acme')).toEqual(before);
    expect(await byRepo()).toEqual({ 'acme/store': 5, web: 1 });
  });

  it('may be renamed again, whichever was said first', async () => {
    await cli('alias', 'acme/store', 'acme/market');
    expect(await byRepo()).toEqual({ 'acme/market': 5, web: 1 });
    await cli('alias', 'web', 'acme/shop');
    expect(await byRepo()).toEqual({ 'acme/market': 6 });
    expect(JSON.parse((await cli('aliases')).stdout)).toEqual([
      { repo: 'acme/shop', name: 'acme/market' },
      { repo: 'acme/store', name: 'acme/market' },
      { repo: 'web', name: 'acme/market' },
    ]);
    const exported = await runboard(['org', 'export', 'acme'], { DATABASE_URL: service.url });
    expect(exported.stderr).toContain('  runboard repo alias acme/shop acme/market --org acme\n');
  });

  it('gets its name back', async () => {
    expect((await cli('unalias', 'web')).code).toBe(0);
    expect(await byRepo()).toEqual({ 'acme/market': 5, web: 1 });
    expect(await cli('unalias', 'web')).toMatchObject({ code: 1, stderr: expect.stringContaining('is not an alias') });
  });

  it.each([
    ['acme/market', 'acme/shop', 'is an alias of acme/market'],
    ['web', 'git@github.com:web', 'both web already'],
  ])('%s cannot become %s', async (old, name, message) => {
    expect(await cli('alias', old, name)).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  });
});
