import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testService, type TestService } from '../support/service.js';

/** One person under several ids (definitions.md, aliases): what each id leads to, worked out by hand. */
let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

let events = 0;
const said = (userId: string, aliases: string[] | null, second: number, more: object = {}) => ({
  specversion: '1.0',
  source: 'directory',
  id: `e${(events += 1)}`,
  type: 'user.upserted',
  time: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
  data: { userId, aliases, ...more },
});
const ran = (userId: string, runId = userId) => ({
  specversion: '1.0',
  source: 'test',
  id: `e${(events += 1)}`,
  type: 'run.started',
  data: { runId, sessionId: `s-${runId}`, userId, startedAt: '2026-02-01T12:00:00Z' },
});

async function personsIn(orgId: string): Promise<Record<string, string>> {
  return service.database.inOrganization(orgId, async (tx) => {
    const { rows } = await tx.query<{ user_id: string; person_id: string }>(
      'select user_id, person_id from persons where org_id = $1 order by user_id',
      [orgId],
    );
    return Object.fromEntries(rows.map(({ user_id, person_id }) => [user_id, person_id]));
  });
}

const CASES: [name: string, said: [string, string[] | null, number][], persons: Record<string, string>][] = [
  ['other ids are the claimer’s', [['ann', ['ann@x', 'u-1'], 1]], { 'ann@x': 'ann', 'u-1': 'ann' }],
  [
    'of two who claim one id the later wins',
    [
      ['ann', ['u'], 2],
      ['bob', ['u'], 1],
    ],
    { u: 'ann' },
  ],
  [
    'of two at one time the greater event id wins',
    [
      ['ann', ['u'], 1],
      ['bob', ['u'], 1],
    ],
    { u: 'bob' },
  ],
  [
    'an alias of an alias is followed',
    [
      ['a', ['b'], 1],
      ['b', ['c'], 2],
      ['c', ['d'], 3],
    ],
    { b: 'a', c: 'a', d: 'a' },
  ],
  [
    'a circle counts as its smallest id',
    [
      ['c', ['b'], 1],
      ['b', ['a'], 1],
      ['a', ['c'], 1],
    ],
    { b: 'a', c: 'a' },
  ],
  [
    'what leads into a circle is its smallest id’s',
    [
      ['b', ['a'], 1],
      ['a', ['b', 'z'], 1],
    ],
    { b: 'a', z: 'a' },
  ],
  ['an alias that names itself says nothing', [['a', ['a', 'b'], 1]], { b: 'a' }],
  [
    'a later list replaces the earlier whole',
    [
      ['a', ['b', 'c'], 1],
      ['a', ['c'], 2],
    ],
    { c: 'a' },
  ],
  [
    'an empty list takes all back',
    [
      ['a', ['b'], 1],
      ['a', [], 2],
    ],
    {},
  ],
  [
    'null says nothing',
    [
      ['a', ['b'], 1],
      ['a', null, 2],
    ],
    { b: 'a' },
  ],
];

describe('aliases', () => {
  it.each(CASES)('%s', async (_name, claims, persons) => {
    const sent = claims.map((claim) => said(...claim));
    for (const order of [sent, [...sent].reverse()]) {
      const { orgId, token } = await service.newOrganization();
      for (const event of order) await service.accept(token, [event]);
      expect(await personsIn(orgId)).toEqual(persons);
      const { orgId: atOnce, token: other } = await service.newOrganization();
      await service.accept(other, order);
      expect(await personsIn(atOnce)).toEqual(persons);
    }
  });

  it('are at most 100', async () => {
    const { token } = await service.newOrganization();
    const many = Array.from({ length: 101 }, (_, index) => `u${index}`);
    const { status, body } = await service.request('/v1/events', { token, body: said('ann', many, 1) });
    expect([status, body.rejected]).toMatchObject([422, [{ path: 'data.aliases', message: 'are more than 100' }]]);
  });
});

describe('a person under five ids', () => {
  const window = { from: Date.UTC(2026, 1, 1), to: Date.UTC(2026, 1, 2) };
  let token: string;
  beforeAll(async () => {
    ({ token } = await service.newOrganization());
    await service.accept(token, [
      ...['ann', 'ann@x', 'u-1', 'inst-7', 'x'].map((id) => ran(id)),
      ran('bot'),
      said('x', ['inst-7'], 1, { name: 'Somebody' }),
      said('ann', ['ann@x', 'u-1', 'x'], 2, { name: 'Ann', team: 'core' }),
      said('u-1', null, 3, { name: 'Not this', team: 'other' }),
      said('bot', null, 4, { kind: 'service', team: 'core' }),
    ]);
  });

  const ask = async (query: object) => {
    const { body } = await service.request('/v1/query', { token, body: { ...window, queries: [query] } });
    return body.results.A.frames[0].data.values as unknown[][];
  };

  it('is one user, with the attributes of the row that claims; a service is none', async () => {
    expect(await ask({ view: 'total', metrics: ['active_users', 'runs_per_active_user', 'active_users_7d'] })).toEqual([
      [1],
      [5],
      [1],
    ]);
    const table = await ask({ view: 'table', metrics: ['runs', 'active_users'], groupBy: ['user'] });
    expect(table).toEqual([
      ['Ann', 'bot'],
      ['ann', 'bot'],
      [5, 1],
      [1, 0],
    ]);
    expect(await ask({ view: 'table', metrics: ['runs', 'active_users'], groupBy: ['team'] })).toEqual([
      ['core'],
      [6],
      [1],
    ]);
  });

  it('is found by any of the ids, and by the person’s name', async () => {
    for (const value of ['ann', 'ann@x', 'u-1', 'inst-7', 'x', 'Ann']) {
      expect(await ask({ view: 'total', metrics: ['runs'], filters: { user: [value] } })).toEqual([[5]]);
    }
    expect(await ask({ view: 'total', metrics: ['runs'], filters: { user: ['Not this'] } })).toEqual([[0]]);
    expect(await ask({ view: 'total', metrics: ['runs'], filters: { user: { not: ['u-1'] } } })).toEqual([[1]]);
  });

  it('is one value of a variable', async () => {
    const { body } = await service.request('/v1/dimensions/user/values', { token });
    expect(body.values).toEqual([
      { value: 'ann', label: 'Ann' },
      { value: 'bot', label: 'bot' },
    ]);
    expect((await service.request('/v1/dimensions/team/values', { token })).body.values).toEqual([
      { value: 'core', label: 'core' },
    ]);
  });

  it('is named in lists', async () => {
    const runs = await ask({ view: 'runs', orderBy: 'run', direction: 'asc' });
    expect(runs.slice(0, 4)).toEqual([
      ['ann', 'ann@x', 'bot', 'inst-7', 'u-1', 'x'],
      ['s-ann', 's-ann@x', 's-bot', 's-inst-7', 's-u-1', 's-x'],
      ['Ann', 'Ann', 'bot', 'Ann', 'Ann', 'Ann'],
      ['ann', 'ann', 'bot', 'ann', 'ann', 'ann'],
    ]);
  });
});
