import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { manyRuns, runEvents, type ToldRun } from '../support/run-events.js';
import { at, failed, organizationIn, startEmpty, WEEK } from './findings-world.js';
import type { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startEmpty();
});
afterAll(() => world.stop());

const organization = (events: object[], settings = {}) => organizationIn(world, events, settings);

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
