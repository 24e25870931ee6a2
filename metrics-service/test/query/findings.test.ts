import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { member } from '../access/world-of-viewers.js';
import { manyRuns, runEvents, sessionEvent, userEvent, type ToldRun } from '../support/run-events.js';
import { rowsOf, startWorld, type QueryResult, type World } from './world.js';

const at = (time: string): number => Date.parse(time);
const NOW = at('2026-11-09T06:00:00Z');
/** Monday to Monday; the earlier window is 26 October to 2 November. */
const WEEK = { from: at('2026-11-02T00:00:00Z'), to: at('2026-11-09T00:00:00Z'), timezone: 'UTC' };
const MONTH = { ...WEEK, from: at('2026-10-10T00:00:00Z') };

/** Weeks of 60 runs of a user, each in a session of its own, half a dollar in all; one in six fails, each in another way. */
function calm(user = 'ann'): object[] {
  const mondays = ['2026-09-28', '2026-10-05', '2026-10-12', '2026-10-19', '2026-10-26', '2026-11-02'];
  return mondays.flatMap((monday) => [
    ...manyRuns(50, { id: `${user} ${monday}`, at: `${monday}T08:00:00Z`, user, costUsd: 0.008 }),
    ...manyRuns(10, {
      id: `${user} ${monday} failed`,
      at: `${monday}T09:00:00Z`,
      user,
      costUsd: 0.01,
      status: 'FAILED',
    }),
  ]);
}

let world: World;
beforeAll(async () => {
  world = await startWorld([], NOW);
});
afterAll(() => world.stop());

/** An organization with these events, asked for findings. */
async function organization(events: object[], settings = {}) {
  const { orgId } = await world.newOrganization();
  const scopes = ['ingest', 'directory', 'read', 'delegate'] as const;
  const token = await world.organization(`${orgId}-f`, settings, [...scopes]);
  // its source is not silent
  const pulse = { ...userEvent('pulse', 'none'), time: '2026-11-09T05:00:00Z' };
  if (events.length > 0) await world.accept(token, [...events, pulse]);
  const ask = async (query: object = {}, window: object = WEEK, viewer?: TestViewer, more: object = {}) => {
    const body = { ...window, queries: [{ refId: 'A', view: 'findings', limit: 50, ...query }] };
    const headers = { ...(viewer ? headersOf(viewer) : {}), ...more };
    return (await world.request('/v1/query', { token, body, headers })).body.results.A as QueryResult;
  };
  const rows = async (...asked: Parameters<typeof ask>) => rowsOf(await ask(...asked));
  return {
    ask,
    rows,
    kinds: async (...asked: Parameters<typeof ask>) => (await rows(...asked)).map(({ kind }) => kind),
  };
}

const failed = (error: string, more: Partial<ToldRun> = {}) => ({ status: 'FAILED', error, ...more }) as const;

describe('findings', () => {
  it('are none where nothing stands out, and say so', async () => {
    const { ask } = await organization(calm());
    const { frames } = await ask();
    expect(frames[0]!.schema.fields.map(({ name }) => name)).toEqual([
      'kind',
      'what',
      'since',
      'runs',
      'money',
      'link',
    ]);
    expect(frames[0]!.data.values).toEqual([[], [], [], [], [], []]);
    expect(frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: 'Nothing stands out' }]);
    // a table in Grafana shows the words
    const shown = await ask({}, WEEK, { kind: 'user', role: 'Admin' }, { 'x-runboard-datasource': 'ds' });
    expect(shown.frames[0]!.data.values).toEqual([['Nothing stands out']]);
  });

  it('say why there are none where there is nothing', async () => {
    const { ask } = await organization([]);
    const [notice] = (await ask()).frames[0]!.schema.meta.notices!;
    expect(notice!.text).toMatch(/^nothing is recorded in this organization yet/);
  });
});

describe('a retry loop', () => {
  const one = (id: string, minute: string, more: Partial<ToldRun>) =>
    runEvents({ id, at: `2026-11-04T10:${minute}:00Z`, session: 's1', user: 'ann', costUsd: 1, ...more });
  const LOOP = [
    ...one('a', '00', failed('2 of 40 tests failed')),
    ...one('b', '01', failed('3 of 40 tests failed')),
    ...one('c', '02', {}),
    // three alike in a row: only numbers differ
    ...one('d', '03', failed('2 of 40 tests failed', { model: 'one' })),
    ...one('e', '04', failed('5 of 40 tests failed', { model: 'one' })),
    ...one('f', '05', failed('6 of 41 tests failed', { model: 'two', costUsd: 2 })),
    ...one('g', '06', failed('no disk space left')),
    ...one('h', '07', failed('2 of 40 tests failed')),
    // the third run is not over: two in a row, and one
    ...one('i', '08', failed('no disk space left')),
    ...one('j', '09', failed('no disk space left')),
    ...one('k', '10', { status: 'IN_FLIGHT' }),
    ...one('l', '11', failed('no disk space left')),
  ];

  it('is the same failure in three runs of a session in a row', async () => {
    const { rows } = await organization(LOOP);
    expect(await rows()).toEqual([
      {
        kind: 'Retry loop',
        what: '3 runs in a row of session s1 failed alike: <n> of <n> tests failed',
        since: at('2026-11-04T10:03:00Z'),
        runs: 3,
        money: 4,
        link: null,
      },
    ]);
  });

  it('is one among the runs that the filters let pass, whose row all runs of the session make', async () => {
    const { rows, kinds } = await organization(LOOP);
    expect(await kinds({ filters: { model: ['one', 'two'] } })).toEqual(['Retry loop']);
    expect(await rows({ filters: { model: ['one'] } })).toEqual([]);
    // among failed runs alone a, b and d would stand in a row
    expect((await rows({ filters: { status: ['FAILED'] } })).map(({ runs }) => runs)).toEqual([3]);
    // the window cuts it
    expect(await rows({}, { ...WEEK, to: at('2026-11-04T10:05:00Z') })).toEqual([]);
  });

  it('leads to its session, in its time', async () => {
    const { rows } = await organization(LOOP);
    const [row] = await rows({}, WEEK, { kind: 'user', role: 'Admin' }, { 'x-runboard-datasource': 'ds' });
    const range = `from=${at('2026-11-04T10:02:00Z')}&to=${at('2026-11-04T10:06:00Z')}`;
    expect(row!.link).toBe(`/d/runboard-session?${range}&var-datasource=ds&var-session=s1`);
  });
});

describe('an outlier session', () => {
  // 20 sessions of 1, 2, … 20 cents: 95 % of the 21 cost at most the 20th, 20 cents
  const cents = Array.from({ length: 20 }, (_, index) =>
    runEvents({ id: `c${index}`, at: '2026-11-03T10:00:00Z', user: 'ann', costUsd: (index + 1) / 100 }),
  ).flat();
  const dear = (costUsd: number) => [
    ...runEvents({ id: 'd1', at: '2026-11-03T11:00:00Z', session: 'dear', user: 'ann', costUsd: costUsd - 0.5 }),
    ...runEvents({ id: 'd2', at: '2026-11-03T12:00:00Z', session: 'dear', user: 'bob', costUsd: 0.5 }),
  ];

  it('costs five times what 95 % of at least 20 sessions cost, $1, and 2 % of the whole', async () => {
    const { rows } = await organization([...cents, ...dear(2)]);
    expect(await rows()).toEqual([
      {
        kind: 'Outlier session',
        what: 'Session dear cost $2.00; 95 % of 21 sessions cost $0.20 at most',
        since: at('2026-11-03T11:00:00Z'),
        runs: 2,
        money: 2,
        link: null,
      },
    ]);
    expect(await (await organization([...cents, ...dear(0.99)])).rows()).toEqual([]);
    expect(await (await organization([...cents.slice(4), ...dear(2)])).rows()).toEqual([]);
    // 500 more sessions of 20 cents: 2 % of these $104 are more than $2
    const many = manyRuns(500, { id: 'm', at: '2026-11-02T10:00:00Z', user: 'cyd', costUsd: 0.2 });
    expect(await (await organization([...cents, ...many, ...dear(2)])).rows()).toEqual([]);
  });
});

describe('low success', () => {
  /** `count` runs in a repository, so many of them failed. */
  const inRepo = (repo: string, succeeded: number, failures: number) => [
    sessionEvent(repo, repo),
    ...manyRuns(succeeded, { id: `${repo} s`, at: '2026-11-03T08:00:00Z', session: repo, user: 'ann', costUsd: 0.01 }),
    ...manyRuns(failures, {
      id: `${repo} f`,
      at: '2026-11-03T16:00:00Z',
      session: repo,
      user: 'ann',
      costUsd: 0.01,
      status: 'FAILED',
    }),
  ];

  it('is told apart from all others together, and at least 5 points lower', async () => {
    const { rows } = await organization([...inRepo('web', 20, 20), ...inRepo('api', 45, 5), ...inRepo('lib', 45, 5)]);
    expect(await rows()).toEqual([
      {
        kind: 'Low success',
        what: 'Repository web: 50.0 % of 40 ended runs succeeded, 90.0 % of all others',
        since: null,
        runs: 40,
        money: 0.2,
        link: null,
      },
    ]);
  });

  it('is not what may be chance, nor of fewer than 20 runs', async () => {
    // 16 of 20 and 90 of 100: Newcombe's interval of the difference is about -0.33 to 0.04
    expect(await (await organization([...inRepo('web', 16, 4), ...inRepo('api', 90, 10)])).rows()).toEqual([]);
    expect(await (await organization([...inRepo('web', 0, 19), ...inRepo('api', 90, 10)])).rows()).toEqual([]);
    // 900 of 1,000 and 940 of 1,000 are told apart, but near each other
    expect(await (await organization([...inRepo('web', 450, 50), ...inRepo('api', 940, 60)])).rows()).toEqual([]);
  });
});

describe('dear success', () => {
  const ofModel = (model: string, count: number, costUsd?: number) =>
    manyRuns(count, {
      id: model,
      at: '2026-11-03T08:00:00Z',
      user: 'ann',
      model,
      ...(costUsd !== undefined && { costUsd }),
    });

  it('is more than twice the median of groups of 20 runs and more', async () => {
    const three = [...ofModel('a', 20, 0.01), ...ofModel('b', 20, 0.02), ...ofModel('c', 20, 0.05)];
    // of 1, 2 and 5 cents the median is 2; "d" has too few runs, "e" no known cost
    const { rows } = await organization([...three, ...ofModel('d', 19, 1), ...ofModel('e', 20)]);
    const found = await rows();
    expect(found).toEqual([
      {
        kind: 'Dear success',
        what: 'Model c: a success costs $0.05, 2.5 times the median of 3 models ($0.02)',
        since: null,
        runs: 20,
        money: expect.closeTo(0.6, 12),
        link: null,
      },
    ]);
    // twice is not more than twice
    const twice = [...ofModel('a', 20, 0.01), ...ofModel('b', 20, 0.02), ...ofModel('c', 20, 0.04)];
    expect(await (await organization(twice)).rows()).toEqual([]);
  });
});

describe('more failures', () => {
  it('are an outcome whose share grew by more than chance', async () => {
    const outage = manyRuns(15, {
      id: 'o',
      at: '2026-11-04T12:00:00Z',
      user: 'ann',
      status: 'FAILED',
      category: 'provider_error',
      costUsd: 0.02,
    });
    const { rows } = await organization([...calm(), ...outage]);
    // 15 of 75 now, 0 of 60 before
    expect(await rows()).toEqual([
      {
        kind: 'More failures',
        what: 'Provider error: 15 runs, 20.0 % of those that ended; 0 % before',
        since: at('2026-11-04T00:00:00Z'),
        runs: 15,
        money: expect.closeTo(0.3, 12),
        link: null,
      },
    ]);
    const four = await organization([...calm(), ...outage.slice(0, 8)]);
    expect(await four.rows()).toEqual([]);
  });
});

describe('unusual spend', () => {
  const spree = runEvents({ id: 'spree', at: '2026-11-05T12:00:00Z', user: 'ann', session: 'x', costUsd: 1.5 });

  it('is twice the median of the same days of four weeks, and a dollar more', async () => {
    const { rows } = await organization([...calm(), ...spree]);
    // 50 cents in each week before, 2 dollars now
    const found = (await rows()).filter(({ kind }) => kind === 'Unusual spend');
    expect(found).toEqual([
      {
        kind: 'Unusual spend',
        what: '$2.00 in this range, 4.0 times the median of the same days of the four weeks before',
        since: WEEK.from,
        runs: 61,
        money: 1.5,
        link: null,
      },
    ]);
    // of a longer window, the last 7 days
    const [long] = (await rows({}, MONTH)).filter(({ kind }) => kind === 'Unusual spend');
    expect(long).toMatchObject({ since: WEEK.from, runs: 61, money: 1.5 });
    expect(long!.what).toMatch(/^\$2\.00 since 2 Nov, 4\.0 times/);
    expect(await (await organization(calm())).rows({}, MONTH)).toEqual([]);
  });

  it('takes its 7 days by the local clock, also where it changes', async () => {
    // Vienna goes back on 25 October; the runs of each Monday cost 50 cents, the fourth week before begins before all events
    const early = runEvents({ id: 'spree', at: '2026-10-22T12:00:00Z', user: 'ann', session: 'x', costUsd: 1.5 });
    const { rows } = await organization([...calm(), ...early]);
    const days = { from: at('2026-10-17T22:00:00Z'), to: at('2026-10-27T23:00:00Z'), timezone: 'Europe/Vienna' };
    const [spend] = (await rows({}, days)).filter(({ kind }) => kind === 'Unusual spend');
    expect(spend).toMatchObject({ since: at('2026-10-20T22:00:00Z'), runs: 61, money: 1.5 });
    expect(spend!.what).toMatch(/^\$2\.00 since 21 Oct, 4\.0 times/);
  });
});

describe('who has gone quiet', () => {
  const EVENTS = [
    userEvent('ann', 'core', { name: 'Ann' }),
    userEvent('bob', 'core', { name: 'Bob' }),
    userEvent('cyd', 'apps'),
    userEvent('ci', 'core', { kind: 'service' }),
    ...calm(),
    ...manyRuns(12, { id: 'bob', at: '2026-10-28T08:00:00Z', user: 'bob' }),
    ...manyRuns(9, { id: 'cyd', at: '2026-10-28T08:00:00Z', user: 'cyd' }),
    ...manyRuns(30, { id: 'ci', at: '2026-10-28T08:00:00Z', user: 'ci' }),
  ];
  const BOB = {
    kind: 'Gone quiet',
    what: 'Bob ran nothing in this range, and 12 runs in the same weekdays before',
    since: WEEK.from,
    runs: 12,
    money: null,
    link: null,
  };

  it('ran ten before and nothing now, and is a person', async () => {
    const { rows } = await organization(EVENTS);
    expect(await rows()).toEqual([BOB]);
    expect(await rows({ filters: { team: ['core'] } })).toEqual([BOB]);
    // of a day nobody can tell, nor of some of their runs
    expect(await rows({}, { ...WEEK, to: at('2026-11-03T00:00:00Z') })).toEqual([]);
    expect(await rows({ filters: { model: [null] } })).toEqual([]);
  });

  it('is named to those who may see people', async () => {
    const { rows, ask } = await organization(EVENTS, {
      memberVisibility: 'team',
      alertVisibility: 'totals',
      publicVisibility: 'totals',
    });
    expect(await rows({}, WEEK, member('ann'))).toEqual([BOB]);
    for (const viewer of [{ kind: 'alert' }, { kind: 'service-account' }, { kind: 'public' }, { kind: 'anonymous' }]) {
      const answer = await ask({}, WEEK, viewer);
      expect([viewer, answer.status, rowsOf(answer)]).toEqual([viewer, 200, []]);
    }
    const own = await organization(EVENTS, { memberVisibility: 'self' });
    expect(await own.rows({}, WEEK, member('bob'))).toEqual([]);
  });
});

describe('a silent source', () => {
  const told = (source: string, time: string) => runEvents({ id: source, at: time, user: 'ann' }, source);

  it('was heard of in the last 90 days, and not in the last three: to those who see the whole organization', async () => {
    const events = [
      ...told('hooks', '2026-11-05T04:00:00Z'),
      ...told('cli', '2026-11-08T00:00:00Z'),
      ...told('old', '2026-08-01T00:00:00Z'),
    ];
    const { rows } = await organization(
      [userEvent('ann', 'core'), ...events].map((event) => ({ ...event })),
      {},
    );
    const silent = async (...asked: Parameters<typeof rows>) =>
      (await rows(...asked)).filter(({ kind }) => kind === 'Silent source');
    expect(await silent()).toEqual([
      {
        kind: 'Silent source',
        what: 'Source hooks has sent nothing for 4d 2h',
        since: at('2026-11-05T04:01:00Z'),
        runs: null,
        money: null,
        link: null,
      },
    ]);
    expect(await silent({}, { ...WEEK, to: at('2026-11-07T00:00:00Z') })).toEqual([]);
    expect(await silent({}, WEEK, member('ann'))).toEqual([]);
  });
});

describe('what stands first', () => {
  it('is what most money is at stake in, at most two of a kind before the others', async () => {
    const loop = (session: string, costUsd: number) =>
      manyRuns(3, { id: session, at: '2026-11-04T10:00:00Z', session, user: 'ann', costUsd, ...failed('it broke') });
    const quiet = manyRuns(12, { id: 'bob', at: '2026-10-28T08:00:00Z', user: 'bob' });
    const { rows, ask } = await organization([
      ...calm(),
      ...calm('eve'),
      ...quiet,
      ...loop('x', 0.02),
      ...loop('y', 0.01),
      ...loop('z', 0.03),
    ]);
    const shown = (await rows()).map(({ kind, money }) => [kind, money]);
    expect(shown).toEqual([
      ['Retry loop', 0.09],
      ['Retry loop', 0.06],
      ['Gone quiet', null],
      ['Retry loop', 0.03],
    ]);
    const two = await ask({ limit: 2 });
    expect(rowsOf(two)).toHaveLength(2);
    expect(two.frames[0]!.schema.meta.notices!.map(({ text }) => text)).toEqual(['first 2 of 4 findings']);
  });

  it('shows a dear session once, where a loop made it dear', async () => {
    const loop = manyRuns(5, {
      id: 'l',
      at: '2026-11-04T10:00:00Z',
      session: 'l',
      user: 'ann',
      costUsd: 1,
      ...failed('it broke'),
    });
    const { kinds } = await organization([...calm(), ...loop]);
    expect(await kinds()).toEqual(expect.arrayContaining(['Retry loop']));
    expect(await kinds()).not.toContain('Outlier session');
  });
});
