import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { updateOrganization } from '../../src/access/organizations.js';
import { createToken } from '../../src/access/tokens.js';
import { queryAnswer } from '../../src/contract/frames.js';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { rowsOf, startWorld, type World } from './world.js';

const [HOUR, DAY] = [3_600_000, 86_400_000];
// tokens say by the database's clock when they were made
const NOW = Date.now();
const WINDOW = { from: NOW - 30 * DAY, to: NOW };
const ago = (ms: number): number => NOW - ms;
const at = (ms: number): string => new Date(ms).toISOString();

let count = 0;
function event(type: string, data: object, source = 'app', time = ago(HOUR)): object {
  return { specversion: '1.0', source, id: `e${(count += 1)}`, type, time: at(time), data };
}
const session = (sessionId: string, createdByUserId?: string, repo?: string): object =>
  event('session.created', { sessionId, createdAt: at(ago(20 * DAY)), createdByUserId, repo });
const run = (runId: string, sessionId: string, startedAt: number, userId?: string): object =>
  event('run.started', { runId, sessionId, userId, startedAt: at(startedAt) });
const ended = (runId: string, completedAt: number, more: object): object =>
  event('run.completed', { runId, completedAt: at(completedAt), status: 'SUCCEEDED', ...more });
const usage = [{ model: 'mystery-1', inputTokens: 100, outputTokens: 10 }];

/**
 * Ann worked in s1 (repository web) and s2, Bob in s3, nobody said who in s4. r2 nobody ended, r4 Bob's is under way;
 * r3 ran on a model that no list knows, of r5 nothing was told.
 */
const EVENTS = [
  event('user.upserted', { userId: 'ann', email: 'ann@example.org', name: 'Ann', team: 'core' }),
  event('user.upserted', { userId: 'mia', email: 'mia@example.org', role: 'manager' }),
  event('user.upserted', { userId: 'ada', email: 'ada@example.org', role: 'admin' }),
  ...[session('s1', 'ann', 'web'), session('s2', 'ann'), session('s3', 'bob'), session('s4')],
  ...[run('r1', 's1', ago(10 * DAY), 'ann'), ended('r1', ago(9 * DAY), { costUsd: 1 })],
  run('r2', 's4', ago(3 * DAY)),
  ...[run('r3', 's2', ago(2 * DAY), 'ann'), ended('r3', ago(DAY), { usage })],
  run('r4', 's3', ago(2 * HOUR), 'bob'),
  ...[run('r5', 's3', ago(5 * DAY), 'bob'), ended('r5', ago(4 * DAY), { status: 'FAILED' })],
  event('id_hint.recorded', { idHintId: 'h1', userId: 'ann', otherId: "o'ann", at: at(ago(6 * DAY)) }),
  event('session.created', { sessionId: 's1', createdAt: at(ago(20 * DAY)) }, 'ci', ago(4 * DAY)),
  event('session.created', { sessionId: 's1', createdAt: at(ago(20 * DAY)) }, 'given-up', ago(91 * DAY)),
];

let world: World;
let token: string;
beforeAll(async () => {
  world = await startWorld([], NOW);
  token = await world.organization('quality', { memberVisibility: 'self', publicVisibility: 'totals' }, [
    ...(['ingest', 'directory', 'read', 'delegate'] as const),
  ]);
  const { status, body } = await world.request('/v1/events', { token, body: EVENTS });
  expect([status, body.rejected]).toEqual([200, []]);
  for (const [name, days] of Object.entries({ laptop: 5, 'for a demo': 3, later: 60 })) {
    const expiresAt = new Date(ago(-days * DAY));
    await createToken(world.database, 'quality', { name, scopes: ['ingest', 'read'], expiresAt });
  }
  await world.database.inOrganization('quality', (tx) =>
    tx.query(`update tokens set created_at = now() - interval '80 days' where org_id = $1 and name <> 'for a demo'`, [
      tx.orgId,
    ]),
  );
});
afterAll(() => world.stop());

const ALL = {
  runs_without_user: 1,
  runs_without_price: 2,
  runs_without_end: 1,
  sessions_without_repository: 3,
  sessions_without_work_item: 0,
  models_without_price: 1,
  possible_aliases: 1,
  silent_sources: 1,
  tokens_ending: 1,
};
const ANNS = {
  ...{ runs_without_user: 0, runs_without_price: 1, runs_without_end: 0 },
  ...{ sessions_without_repository: 1, sessions_without_work_item: 0, models_without_price: 1 },
  ...{ possible_aliases: null, silent_sources: null, tokens_ending: null },
};

async function ask(query: object = {}, viewer?: TestViewer) {
  const headers = viewer ? { headers: headersOf(viewer) } : {};
  const body = { ...WINDOW, queries: [{ view: 'data_quality', ...query }] };
  const answer = (await world.request('/v1/query', { token, body, ...headers })).body;
  expect(queryAnswer.safeParse(answer).error).toBeUndefined();
  return answer.results.A;
}

async function counts(query: object = {}, viewer?: TestViewer): Promise<Record<string, unknown>> {
  return Object.fromEntries(rowsOf(await ask(query, viewer)).map((row) => [row.check, row.count]));
}

describe('data_quality', () => {
  it('has a row per check: how many, since when, which, and what to do', async () => {
    const rows = rowsOf(await ask());
    expect(Object.fromEntries(rows.map((row) => [row.check, row.count]))).toEqual(ALL);
    const row = (check: string) => rows.find((one) => one.check === check);
    expect(row('runs_without_user')).toMatchObject({
      since: ago(3 * DAY),
      link: 'd/runboard-sessions?var-user=%28none%29',
    });
    expect(row('runs_without_price')).toMatchObject({ since: ago(5 * DAY), link: null });
    expect(row('runs_without_end')).toMatchObject({ since: ago(3 * DAY) });
    expect(row('models_without_price')).toMatchObject({
      names: 'mystery-1',
      remedy: expect.stringContaining('`runboard prices import FILE`'),
      link: 'd/runboard-sessions?var-model=mystery-1',
    });
    expect(row('possible_aliases')).toMatchObject({
      since: ago(6 * DAY),
      names: "ann = o'ann",
      remedy: expect.stringContaining("`runboard user alias ann 'o'\\''ann' --org quality`"),
    });
    const commands = rows.flatMap(({ remedy }) => String(remedy ?? '').match(/`runboard [^`]+`/g) ?? []);
    const shared = /runboard (prices|doctor|user hints)/;
    expect(commands.length).toBeGreaterThan(6);
    for (const command of commands) if (!shared.test(command)) expect(command).toMatch(/ (--org|org update) quality\b/);
    expect(row('silent_sources')).toMatchObject({ since: ago(4 * DAY), names: 'ci (4d)' });
    expect(row('tokens_ending')).toMatchObject({
      names: `laptop (${at(ago(-5 * DAY)).slice(0, 10)})`,
      remedy: expect.stringContaining(
        '`runboard token create --name laptop --scope ingest --scope read --expires 90d --org quality`',
      ),
    });
  });

  it('says of the window and the filters what is theirs', async () => {
    const none = { runs_without_price: 0, models_without_price: 0 };
    expect(await counts({ from: ago(4 * DAY), to: ago(2.5 * DAY) })).toMatchObject({ runs_without_user: 1, ...none });
    expect(await counts({ filters: { team: ['core'] } })).toMatchObject({
      ...{ runs_without_user: 0, runs_without_price: 1, runs_without_end: 0, sessions_without_repository: 1 },
    });
    expect(await counts({ filters: { repo: ['web'] } })).toMatchObject({ ...none, sessions_without_repository: 0 });
    const rows = rowsOf(
      await ask({ filters: { team: ['core'], user: { not: ['bob'] }, model: ['gpt-5', 'mystery-1'] } }),
    );
    expect(rows.find(({ check }) => check === 'models_without_price')!.link).toBe(
      'd/runboard-sessions?var-team=core&var-model=mystery-1',
    );
    const { error } = await ask({ filters: { call_model: ['mystery-1'] } });
    expect(error).toContain('does not take the filter call_model');
  });

  it('has nothing to do where nothing is wrong', async () => {
    const rows = rowsOf(await ask({ from: ago(300 * DAY), to: ago(200 * DAY) }));
    expect(
      rows.filter(({ count: found }) => found === 0).map(({ remedy, link, names }) => [remedy, link, names]),
    ).toEqual(Array.from({ length: 6 }, () => [null, null, null]));
  });

  it('leads a person in Grafana to the sessions', async () => {
    const body = { ...WINDOW, queries: [{ view: 'data_quality' }] };
    const headers = { ...headersOf({ kind: 'user', role: 'Admin' }), 'x-runboard-datasource': 'rb' };
    const { frames } = (await world.request('/v1/query', { token, body, headers })).body.results.A;
    const { config } = frames[0].schema.fields.find(({ name }: { name: string }) => name === 'link');
    expect(config.links[0].url).toBe('/${__value.raw:raw}&${__url_time_range}&var-datasource=rb');
  });
});

const ANN: TestViewer = { kind: 'user', email: 'ann@example.org', auth: 'jwt' };

describe('who may see it', () => {
  it.each<[string, TestViewer, object]>([
    ['an administrator in Grafana', { kind: 'user', role: 'Admin' }, ALL],
    ['an administrator of the organization', { ...ANN, email: 'ada@example.org' }, ALL],
    ['a manager: not the tokens', { ...ANN, email: 'mia@example.org' }, { ...ALL, tokens_ending: null }],
    ['a member: their own, and nothing of the organization', ANN, ANNS],
  ])('%s', async (_who, viewer, expected) => {
    expect(await counts({}, viewer)).toEqual(expected);
  });

  it('a member where members see the organization: not the tokens', async () => {
    await updateOrganization(world.database, 'quality', { memberVisibility: 'organization' });
    expect(await counts({}, ANN)).toEqual({ ...ALL, tokens_ending: null });
    await updateOrganization(world.database, 'quality', { memberVisibility: 'self' });
  });

  it('a stranger sees nothing of anything', async () => {
    expect(await counts({}, { ...ANN, email: 'eve@example.org' })).toEqual({});
  });

  it.each(['alert', 'public', 'service-account', 'anonymous'])('not %s, which sees numbers only', async (kind) => {
    await updateOrganization(world.database, 'quality', { alertVisibility: 'totals' });
    expect((await ask({}, { kind })).error).toMatch(/see numbers of many only, no lists/);
  });
});
