import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { World } from '../query/world.js';
import { member, startWorld, viewed, WINDOW, type Viewed } from './world-of-viewers.js';
import type { TestViewer } from './viewers.js';

type Visibility = 'organization' | 'team' | 'self';
const VISIBILITIES: readonly Visibility[] = ['organization', 'team', 'self'];

let world: World;
const organizations = {} as Record<Visibility, Viewed>;

beforeAll(async () => {
  world = await startWorld([]);
  for (const memberVisibility of VISIBILITIES) {
    organizations[memberVisibility] = await viewed(world, `of-${memberVisibility}`, { memberVisibility });
  }
});
afterAll(() => world.stop());

/** What is seen in the week: runs, their cost, active sessions, handoffs, and the runs by the names of users. */
const SEEN = {
  all: { runs: 5, total_cost: 1.75, active_sessions: 3, handoffs: 3, users: { Ann: 3, 'bob@example.org': 2 } },
  // s1 whole, and s2 for the run in it that is hers
  ann: { runs: 3, total_cost: 0.75, active_sessions: 2, handoffs: 2, users: { Ann: 3 } },
  // s2 whole, also the run in it that is Ann's
  bob: { runs: 3, total_cost: 1, active_sessions: 1, handoffs: 1, users: { 'bob@example.org': 2, Ann: 1 } },
  none: { runs: 0, total_cost: 0, active_sessions: 0, handoffs: 0, users: {} },
  // unknown is not zero
  nothing: { runs: null, total_cost: null, active_sessions: null, handoffs: null, users: {} },
};

type Cell = readonly [sees: string, rows: keyof typeof SEEN];
const ALL: Cell = ['organization', 'all'];
const NOTHING: Cell = ['nothing', 'nothing'];

const MATRIX: readonly (readonly [string, TestViewer | null, Record<Visibility, Cell>])[] = [
  ['the token itself', null, { organization: ALL, team: ALL, self: ALL }],
  ['Ann', member('ann'), { organization: ALL, team: ['team', 'ann'], self: ['self', 'ann'] }],
  ['Ann, written otherwise', member('ANN'), { organization: ALL, team: ['team', 'ann'], self: ['self', 'ann'] }],
  ['Tim of her team', member('tim'), { organization: ALL, team: ['team', 'ann'], self: ['self', 'none'] }],
  ['Bob', member('bob'), { organization: ALL, team: ['team', 'bob'], self: ['self', 'bob'] }],
  ['Sol of no team', member('sol'), { organization: ALL, team: ['self', 'none'], self: ['self', 'none'] }],
  ['Meg, a manager', member('meg'), { organization: ALL, team: ALL, self: ALL }],
  ['Ada, an admin', member('ada'), { organization: ALL, team: ALL, self: ALL }],
  ["Grafana's Admin", member('root', { role: 'Admin' }), { organization: ALL, team: ALL, self: ALL }],
  [
    "Grafana's Admin by password",
    member('ann', { role: 'Admin', auth: '' }),
    { organization: ALL, team: ALL, self: ALL },
  ],
  ['a stranger', member('eve'), { organization: NOTHING, team: NOTHING, self: NOTHING }],
  ['one of two of one e-mail', member('twins'), { organization: NOTHING, team: NOTHING, self: NOTHING }],
  ['Ann by password', member('ann', { auth: 'password' }), { organization: NOTHING, team: NOTHING, self: NOTHING }],
  ['Ada by password', member('ada', { auth: 'password' }), { organization: NOTHING, team: NOTHING, self: NOTHING }],
  ['nobody', { kind: 'user' }, { organization: NOTHING, team: NOTHING, self: NOTHING }],
  [
    'a kind that is none',
    member('ada', { kind: 'robot', role: 'Admin' }),
    { organization: NOTHING, team: NOTHING, self: NOTHING },
  ],
  ['no kind', { kind: '', email: 'ada@example.org' }, { organization: NOTHING, team: NOTHING, self: NOTHING }],
];

describe.each(MATRIX)('%s', (_name, viewer, cells) => {
  it.each(VISIBILITIES)('with member visibility %s', async (visibility) => {
    const { ask, rows, request } = organizations[visibility];
    const [sees, seen] = cells[visibility];
    const { users, ...numbers } = SEEN[seen];

    const metrics = ['runs', 'total_cost', 'active_sessions', 'handoffs'];
    const [total] = await rows(viewer, { view: 'total', metrics });
    expect(total).toEqual(numbers);
    const byUser = await rows(viewer, { view: 'table', metrics: ['runs'], groupBy: ['user'] });
    expect(Object.fromEntries(byUser.map(({ user, runs }) => [user, runs]))).toEqual(users);
    expect(await rows(viewer, { view: 'runs' })).toHaveLength(numbers.runs ?? 0);
    expect(await rows(viewer, { view: 'sessions' })).toHaveLength(numbers.active_sessions ?? 0);
    const file = await request(`/v1/export/runs.csv?from=${WINDOW.from}&to=${WINDOW.to}`, viewer);
    const lines = file.body.trim().split('\r\n');
    const notes = lines.filter((line: string) => line.startsWith('#'));
    expect(lines.slice(notes.length)).toHaveLength(1 + (numbers.runs ?? 0));

    const { meta } = (await ask(viewer, { view: 'total', metrics })).frames[0]!.schema;
    expect(meta.custom).toMatchObject({ scope: sees });
    const me = (await request('/v1/me', viewer)).body;
    expect(me.sees).toBe(sees);
    expect(notes).toEqual(sees === 'nothing' ? [`# ${me.reason.replaceAll(',', ';')}`] : []);
    const told = (meta.notices ?? []).map(({ text }) => text);
    if (sees === 'organization')
      expect([me.reason, told.join()]).toEqual([null, expect.not.stringMatching(/only your/)]);
    else expect(told[0]).toBe(me.reason);
  });
});

describe('what is told of a part', () => {
  it('whose it is', async () => {
    const { request } = organizations.team;
    expect((await request('/v1/me', member('ann'))).body).toMatchObject({
      viewer: { kind: 'user', user: { id: 'u-ann', name: 'Ann', role: null, team: 'core' } },
      reason: "only your team's sessions and runs are shown (core)",
    });
    const reasonOf = async (viewer: TestViewer) => (await request('/v1/me', viewer)).body.reason;
    expect(await reasonOf(member('sol'))).toBe('only your own sessions and runs are shown');
    expect(await reasonOf(member('eve'))).toMatch(
      /^you see nothing: no user of this organization has your e-mail\. Ask/,
    );
    expect(await reasonOf(member('twins'))).toMatch(/^you see nothing: several users of this organization have your/);
    expect(await reasonOf(member('ann', { auth: '' }))).toMatch(
      /does not vouch for your e-mail\. Sign in through OAuth/,
    );
    expect(await reasonOf(member('ann', { auth: 'render' }))).toMatch(
      /^you see nothing: Grafana has just made a picture .+ for ten minutes .+: reload then$/,
    );
    expect(await reasonOf({ kind: 'user' })).toMatch(/^you see nothing: your Grafana account has no e-mail/);
    expect(await reasonOf({ kind: 'robot' })).toMatch(/^you see nothing: who asks is not known/);
  });

  it("not whose session it is, where only a run in it is one's own", async () => {
    const { rows } = organizations.self;
    const [session] = await rows(member('ann'), { view: 'session', filters: { session: ['s2'] } });
    expect(session).toMatchObject({
      session: 's2',
      user: null,
      user_id: null,
      repo: 'api',
      runs: 1,
      messages: 0,
      handoffs: 0,
    });
    const spans = await rows(member('ann'), { view: 'timeline', filters: { session: ['s2'] } });
    expect(spans).toHaveLength(2);
    expect(JSON.stringify(spans)).not.toMatch(/bob/i);
    const byTeam = await rows(member('ann'), { view: 'table', metrics: ['active_sessions'], groupBy: ['team'] });
    expect(byTeam).toEqual([
      { team: 'core', active_sessions: 1 },
      { team: null, active_sessions: 1 },
    ]);
  });

  it('names only of those who are seen', async () => {
    const { request, ask } = organizations.self;
    const values = async (viewer: TestViewer | null, name: string) =>
      (await request(`/v1/dimensions/${name}/values`, viewer)).body.values.map(({ value }: { value: string }) => value);
    expect(await values(member('ann'), 'user')).toEqual(['u-ann', '(none)']);
    expect(await values(member('bob'), 'user')).toEqual(['u-ann', 'u-bob']);
    expect(await values(member('sol'), 'user')).toEqual(['u-sol']);
    expect(await values(member('eve'), 'user')).toEqual([]);
    expect(await values(member('ann'), 'team')).toEqual(['core', '(none)']);
    expect(await values(member('ann'), 'session')).toEqual(['s1', 's2']);
    expect(await values(member('bob'), 'session')).toEqual(['s2']);
    expect(await values(member('bob'), 'repo')).toEqual(['api']);
    expect(await values(member('bob'), 'model')).toEqual(['claude-sonnet-4-5', '(none)']);
    // two are called so: who sees neither is not told, nor that there are two
    const asked = { view: 'total', metrics: ['runs'], filters: { user: ['Twin'] } };
    expect((await ask(null, asked)).error).toMatch(/2 users are called "Twin": use their ids \(u-one, u-two\)/);
    expect(await ask(member('ann'), asked)).toMatchObject({ status: 200 });
  });
});

describe('the same for what is hidden and what does not exist', () => {
  const views = [
    'session',
    'activity',
    'timeline',
    'sessions',
    'runs',
    'handoffs',
    'annotations',
    'data_quality',
    'headline',
  ];

  it.each(views)('view %s', async (view) => {
    const { ask } = organizations.self;
    const asked = async (session: string) => {
      const answer = await ask(member('bob'), { view, filters: { session: [session] } });
      return JSON.stringify(answer).replaceAll(session, '…');
    };
    expect(await asked('s1')).toBe(await asked('s9'));
  });

  it('users, by id and by name', async () => {
    const { ask } = organizations.self;
    const asked = async (user: string) => {
      const answer = await ask(member('ann'), {
        view: 'table',
        metrics: ['runs'],
        groupBy: ['repo'],
        filters: { user },
      });
      return JSON.stringify(answer).replaceAll(user, '…');
    };
    expect(await asked('u-bob')).toBe(await asked('u-xyz'));
    expect(await asked('bob@example.org')).toBe(await asked('xyz@example.org'));
  });
});

describe('whose e-mail is believed', () => {
  const sees = async (auth: string) =>
    (await organizations.self.request('/v1/me', member('ann', { auth }))).body.sees as string;

  it.each(['oauth_google', 'oauth_github', 'oauth_generic_oauth', 'auth.saml', 'ldap', 'jwt', 'authproxy', 'trusted'])(
    '%s',
    async (auth) => expect(await sees(auth)).toBe('self'),
  );

  it.each(['', 'password', 'passwordless', 'apikey', 'extendedjwt', 'render', 'oauth_', 'OAUTH_x', 'ldap, trusted'])(
    'not %j',
    async (auth) => expect(await sees(auth)).toBe('nothing'),
  );

  it('headers that come twice name nobody', async () => {
    const headers = new Headers({ 'x-runboard-viewer-auth': 'trusted', 'x-runboard-viewer-kind': 'user' });
    for (const name of ['ann', 'bob']) headers.append('x-runboard-viewer-email', `${name}@example.org`);
    const { token } = organizations.self;
    const { body } = await world.request('/v1/me', { token, headers: Object.fromEntries(headers) });
    expect([body.sees, body.viewer.user]).toEqual(['nothing', null]);
  });

  it('an e-mail in other letters than ASCII', async () => {
    const events = [
      {
        ...{ specversion: '1.0', source: 's', id: '1', type: 'user.upserted', time: '2026-01-02T00:00:00Z' },
        data: { userId: 'u-zoe', email: 'Zoë@example.org' },
      },
    ];
    const { request } = await viewed(world, 'of-zoe', { memberVisibility: 'self' }, events);
    expect((await request('/v1/me', member('Zoë'))).body.viewer.user).toMatchObject({ id: 'u-zoe' });
  });
});
