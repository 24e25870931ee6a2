import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { member } from '../access/world-of-viewers.js';
import { manyRuns, runEvents, userEvent } from '../support/run-events.js';
import { at, calm, failed, organizationIn, startEmpty, WEEK } from './findings-world.js';
import { rowsOf, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startEmpty();
});
afterAll(() => world.stop());

const organization = (events: object[], settings = {}) => organizationIn(world, events, settings);

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
