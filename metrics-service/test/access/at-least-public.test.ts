import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, type QueryResult, type World } from '../query/world.js';
import { member, PEOPLE, startWorld, viewed, WINDOW, type Viewed } from './world-of-viewers.js';

const PUBLIC = { kind: 'public', login: 'service', role: 'Admin' };
const STRANGER = member('nobody');
const WHY = 'no user of this organization has your e-mail. Ask an administrator to add you (runboard user import)';

/** Four more people of core with a run each: with Ann and Bob they are six. */
const MORE = ['u-c1', 'u-c2', 'u-c3', 'u-c4'].flatMap((userId) => {
  const event = (type: string, data: object, time?: string) => ({
    ...{ specversion: '1.0', source: 's', id: `${type} ${userId}`, type, data },
    ...(time ? { time } : {}),
  });
  return [
    event('user.upserted', { userId, team: 'core' }, '2026-03-01T00:00:00Z'),
    event('run.started', { runId: `r-${userId}`, sessionId: `s-${userId}`, userId, startedAt: '2026-03-03T10:00:00Z' }),
  ];
});

let world: World;
let open: Viewed;
let closed: Viewed;
beforeAll(async () => {
  world = await startWorld([]);
  open = await viewed(world, 'open', { publicVisibility: 'totals' }, [...PEOPLE, ...MORE]);
  closed = await viewed(world, 'closed', {}, [...PEOPLE, ...MORE]);
});
afterAll(() => world.stop());

const noticesOf = ({ frames }: QueryResult) => frames[0]!.schema.meta.notices?.map(({ text }) => text);
const RUNS = { view: 'total', metrics: ['runs', 'active_users'] };

describe('who is nobody in the organization', () => {
  it('sees what everybody sees, and is told why no more', async () => {
    const answer = await open.ask(STRANGER, RUNS);
    // r1 to r5, and the four
    expect(rowsOf(answer)).toEqual([{ runs: 9, active_users: 6 }]);
    expect(noticesOf(answer)).toEqual([`you see what everybody may see, numbers over many people: ${WHY}`]);
    const byTeam = { view: 'table', metrics: ['runs'], groupBy: ['team'] };
    expect(await open.rows(STRANGER, byTeam)).toEqual(await open.rows(PUBLIC, byTeam));
    const { body } = await open.request('/v1/me', STRANGER);
    expect(body).toMatchObject({ sees: 'totals', reason: noticesOf(answer)![0], viewer: { kind: 'user', user: null } });
    expect((await open.request('/v1/dimensions/user/values', STRANGER)).body).toEqual({ values: [] });
  });

  it('sees nothing of single people and sessions', async () => {
    for (const view of ['sessions', 'runs', 'handoffs', 'activity', 'timeline', 'annotations', 'data_quality']) {
      const answer = await open.ask(STRANGER, { view, filters: { session: ['s1'] } });
      expect(answer.frames.flatMap(({ data }) => data.values.flat())).toEqual([]);
      expect(noticesOf(answer)).toContain(`this is not shown to you, who see numbers over many people only: ${WHY}`);
    }
    const byUser = { view: 'table', metrics: ['runs'], groupBy: ['user'] };
    expect(await open.rows(STRANGER, byUser)).toEqual([]);
    expect(await open.rows(STRANGER, { ...RUNS, filters: { user: ['u-ann'] } })).toEqual([
      { runs: null, active_users: null },
    ]);
    expect(await open.rows(STRANGER, { view: 'total', metrics: ['max_session_cost'] })).toEqual([
      { max_session_cost: null },
    ]);
    const file = await open.request('/v1/export/runs.csv?from=0&to=1', STRANGER);
    expect(file.status).toBe(400);
  });

  it('reads the tables that it may in one request, whatever else is in it', async () => {
    const queries = [
      { refId: 'A', view: 'sessions' },
      { refId: 'B', ...RUNS },
      { refId: 'C', view: 'runs' },
    ];
    const { body } = await open.request('/v1/query', STRANGER, {
      ...WINDOW,
      queries,
    });
    expect(rowsOf(body.results.B)).toEqual([expect.objectContaining({ active_users: 6 })]);
    expect([body.results.A, body.results.C].map((one: QueryResult) => rowsOf(one))).toEqual([[], []]);
  });

  it('sees nothing where the public sees nothing', async () => {
    expect(await closed.rows(STRANGER, RUNS)).toEqual([{ runs: null, active_users: null }]);
    expect(noticesOf(await closed.ask(STRANGER, RUNS))).toContain(`you see nothing: ${WHY}`);
  });
});

describe('a question for the public', () => {
  const asked = { ...RUNS, audience: 'public' };

  it.each(['the token', 'a member', 'an administrator', 'a stranger'])('is answered alike to %s', async (who) => {
    const viewer = {
      'the token': null,
      'a member': member('tim'),
      'an administrator': member('ada'),
      'a stranger': STRANGER,
    }[who]!;
    expect(await open.rows(viewer, asked)).toEqual([{ runs: 9, active_users: 6 }]);
    expect((await open.ask(viewer, { ...asked, groupBy: ['user'] })).error).toMatch(
      /^public boards see numbers of many/,
    );
    // the next question is their own again
    const queries = [
      { refId: 'A', ...asked },
      { refId: 'B', view: 'runs' },
    ];
    const { body } = await open.request('/v1/query', viewer, { ...WINDOW, queries });
    const alone = await open.request('/v1/query', viewer, { ...WINDOW, queries: queries.slice(1) });
    expect(rowsOf(body.results.B)).toEqual(rowsOf(alone.body.results.B));
  });

  it('is answered as usual where the public sees nothing', async () => {
    expect(await closed.rows(member('ada'), asked)).toEqual([{ runs: 9, active_users: 6 }]);
    // Ann and the four; Bob is of apps
    expect(await closed.rows(member('tim'), asked)).toEqual([{ runs: 7, active_users: 5 }]);
    expect((await closed.ask(null, { ...asked, audience: 'all' })).error).toBe('audience: must be "public"');
  });
});
