import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { manyRuns, runEvents, sessionEvent } from '../support/run-events.js';
import { at, calm, organizationIn, startEmpty, WEEK } from './findings-world.js';
import type { World } from './world.js';

const MONTH = { ...WEEK, from: at('2026-10-10T00:00:00Z') };

let world: World;
beforeAll(async () => {
  world = await startEmpty();
});
afterAll(() => world.stop());

const organization = (events: object[], settings = {}) => organizationIn(world, events, settings);

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
