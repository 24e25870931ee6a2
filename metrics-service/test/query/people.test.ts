import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { rowsOf, startWorld, type World } from './world.js';

const day = (n: number): number => Date.UTC(2026, 2, n);
const WEEK = { from: day(9), to: day(16) };
const event = (type: string, data: Record<string, unknown>, id: string, time = day(1)): unknown => ({
  ...{ specversion: '1.0', source: 'people', id, type, time: new Date(time).toISOString(), data },
});
const user = (userId: string, more: object = {}): unknown => event('user.upserted', { userId, ...more }, `u-${userId}`);
const session = (sessionId: string, createdByUserId: string): unknown =>
  event('session.created', { sessionId, createdByUserId, createdAt: new Date(day(1)).toISOString() }, sessionId);
const run = (runId: string, userId: string, n: number, sessionId = `s-${runId}`): unknown =>
  event('run.started', { runId, userId, sessionId, startedAt: new Date(day(n)).toISOString() }, runId);

/**
 * Known are ann, ben (also as ben-old), cyd, dan, eve by their records, fay by a run and gil by a session; bot is a service,
 * and hal's only run is deleted. In the week of the 9th ann, ben, dan, eve and fay ran, dan and fay for the first time; cyd ran in
 * the week before, gil never.
 */
const EVENTS = [
  user('ann', { email: 'ann@example.org', team: 'core' }),
  user('ben', { team: 'core', aliases: ['ben-old'] }),
  user('cyd', { team: 'core' }),
  ...['dan', 'eve'].map((id) => user(id, { team: 'apps' })),
  user('bot', { kind: 'service', team: 'apps' }),
  session('s-ann', 'ann'),
  session('s-gil', 'gil'),
  run('r1', 'ann', 2),
  run('r2', 'ann', 9),
  run('r3', 'ben-old', 3),
  run('r4', 'ben', 10),
  run('r5', 'cyd', 8),
  run('r6', 'dan', 11, 's-ann'),
  run('r7', 'eve', 1),
  run('r8', 'eve', 12),
  run('r9', 'fay', 15),
  run('r10', 'bot', 9),
  run('r11', 'hal', 9),
  event('run.deleted', { runId: 'r11' }, 'gone', day(10)),
];

let world: World;
let token: string;
beforeAll(async () => {
  world = await startWorld([], day(17));
  const rights = ['ingest', 'directory', 'read', 'delegate'] as const;
  token = await world.organization('people', { memberVisibility: 'self', publicVisibility: 'totals' }, [...rights]);
  expect(await world.request('/v1/events', { token, body: EVENTS })).toMatchObject({ status: 200 });
});
afterAll(() => world.stop());

const ALL = ['known_users', 'active_users', 'adoption_rate', 'new_users', 'quiet_users'];

async function ask(query: object, { viewer, window = WEEK }: { viewer?: TestViewer; window?: object } = {}) {
  const body = { ...window, queries: [{ view: 'total', ...query }] };
  const headers = viewer ? { headers: headersOf(viewer) } : {};
  return (await world.request('/v1/query', { token, body, ...headers })).body.results.A;
}
const rows = async (...asked: Parameters<typeof ask>) => rowsOf(await ask(...asked));

describe('adoption', () => {
  it('counts the known, and of them the active, the new and the quiet', async () => {
    expect(await rows({ metrics: ALL })).toEqual([
      { known_users: 7, active_users: 5, adoption_rate: 5 / 7, new_users: 2, quiet_users: 1 },
    ]);
    expect(await rows({ view: 'table', metrics: ALL, groupBy: ['team'], orderBy: 'team', direction: 'asc' })).toEqual([
      { team: 'apps', known_users: 2, active_users: 2, adoption_rate: 1, new_users: 1, quiet_users: 0 },
      { team: 'core', known_users: 3, active_users: 2, adoption_rate: 2 / 3, new_users: 0, quiet_users: 1 },
      { team: null, known_users: 2, active_users: 1, adoption_rate: 0.5, new_users: 1, quiet_users: 0 },
    ]);
  });

  it('is quiet about nobody who ran before the window before, or under another id', async () => {
    const window = { from: day(12), to: day(16) };
    // of the 8th to the 12th: ann, ben, cyd and dan; eve ran on the 12th
    expect(await rows({ metrics: ['quiet_users', 'adoption_rate'] }, { window })).toEqual([
      { quiet_users: 4, adoption_rate: 2 / 7 },
    ]);
  });

  it('takes users and teams, and as of now no other time', async () => {
    expect(await rows({ metrics: ALL, filters: { team: ['core'] } })).toEqual([
      { known_users: 3, active_users: 2, adoption_rate: 2 / 3, new_users: 0, quiet_users: 1 },
    ]);
    expect(await rows({ metrics: ['adoption_rate'], filters: { team: ['none such'] } })).toEqual([
      { adoption_rate: null },
    ]);
    expect((await ask({ metrics: ['adoption_rate'], filters: { repo: ['web'] } })).error).toMatch(
      'it takes user, team',
    );
    expect((await ask({ view: 'series', metrics: ['known_users'] })).error).toMatch('as of now');
  });

  it('shows a member those that they see', async () => {
    const viewer: TestViewer = {
      kind: 'user',

      role: 'Viewer',
      email: 'ann@example.org',
      auth: 'trusted',
    };
    // ann, and dan, who ran in her session
    expect(await rows({ metrics: ALL }, { viewer })).toEqual([
      { known_users: 2, active_users: 2, adoption_rate: 1, new_users: 1, quiet_users: 0 },
    ]);
  });

  it('tells the public of five or more who ran', async () => {
    const viewer: TestViewer = { kind: 'public', role: 'Admin', auth: 'trusted' };
    expect(await rows({ metrics: ALL }, { viewer })).toEqual([
      { known_users: 7, active_users: 5, adoption_rate: 5 / 7, new_users: 2, quiet_users: 1 },
    ]);
    const window = { from: day(10), to: day(16) };
    expect(await rows({ metrics: ALL }, { viewer, window })).toEqual([
      { known_users: null, active_users: null, adoption_rate: null, new_users: null, quiet_users: null },
    ]);
  });
});
