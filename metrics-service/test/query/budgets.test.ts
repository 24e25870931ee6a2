import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PEOPLE, member, startWorld, viewed } from '../access/world-of-viewers.js';
import type { TestViewer } from '../access/viewers.js';
import { createToken } from '../../src/access/tokens.js';
import { at, event, FILTERED, HOUR, organizationOf, run, set } from './budget-events.js';
import { NOW, rowsOf, type QueryResult, type World } from './world.js';

let world: World;
let made = 0;
beforeAll(async () => {
  world = await startWorld([]);
});
afterAll(() => world.stop());

const organization = (events: object[], settings: object = {}) => organizationOf(world, events, settings);
const columnOf = (result: QueryResult, name: string): unknown[] => rowsOf(result).map((row) => row[name]);

describe('a budget', () => {
  // NOW is Tuesday, 10 March 2026, 00:00 UTC
  it('says what was spent of it, and what will be', async () => {
    const monday = Date.UTC(2026, 2, 9, 10);
    const ask = await organization([
      ...run(NOW - 40 * 24 * HOUR, 1),
      ...run(monday, 8),
      ...run(NOW, 100),
      set('all', 12, { name: 'All of it' }),
    ]);
    // three more Mondays in March, of which each costs a quarter of that one: 8 + 3 × 2; the limit is 4 more, by the second
    expect(rowsOf(await ask())).toEqual([
      {
        ...{ budget: 'all', name: 'All of it', period: 'month' },
        ...{ period_start: Date.UTC(2026, 2, 1), period_end: Date.UTC(2026, 3, 1) },
        ...{ limit: 12, spent: 8, use: 8 / 12, projected: 14, projected_use: 14 / 12, state: 'ok' },
        ...{ warn_from: 0.75, near_from: 0.95 },
        reached_at: Date.UTC(2026, 2, 23, 11),
      },
    ]);
  });

  it('goes on as it began where no week is over', async () => {
    const ask = await organization(
      [...run(NOW - 5 * HOUR, 9), set('month', 20), set('day', 20, { period: 'day' }), set('over', 6)].map((one) => ({
        ...one,
        time: at(NOW - 5 * HOUR),
      })),
    );
    const rows = rowsOf(await ask({ orderBy: 'budget', direction: 'asc' }));
    // 9 in 9 of 31 days; the day has only begun; what is reached is not still to come
    expect(rows.map(({ budget, projected, state, reached_at }) => [budget, projected, state, reached_at])).toEqual([
      ['day', null, 'ok', null],
      ['month', 31, 'ok', Date.UTC(2026, 2, 21)],
      ['over', 31, 'over', null],
    ]);
  });

  it.each<[number[] | undefined, Record<string, string>]>([
    [undefined, { 7.4: 'ok', 7.5: 'warn', 9.4: 'warn', 9.5: 'near', 9.99: 'near', 10: 'over' }],
    [[0.5], { 4.9: 'ok', 5: 'warn', 9.9: 'warn', 10: 'over' }],
    [[1, 0.9, 0.2, 0.6, 1.5], { 1.9: 'ok', 2: 'warn', 8.9: 'warn', 9: 'near', 15: 'over' }],
    [[], { 9.9: 'ok', 10: 'over' }],
  ])('has a state by its thresholds: %j', async (thresholds, states) => {
    const spent = Object.keys(states).map(Number);
    const ask = await organization(
      spent.flatMap((cost) => [
        ...run(NOW - HOUR, cost, { agent: `a${cost}` }),
        set(`b${cost}`, 10, { filters: { agent: `a${cost}` }, ...(thresholds ? { thresholds } : {}) }),
      ]),
    );
    const rows = rowsOf(await ask());
    expect(Object.fromEntries(rows.map(({ spent, state }) => [spent, state]))).toEqual(states);
  });

  it('is unknown where no cost is, and 0 where nothing ran', async () => {
    const ask = await organization([
      ...run(NOW - HOUR, undefined, { agent: 'unpriced' }),
      ...run(NOW - HOUR, 1, { agent: 'priced' }),
      set('all', 10),
      set('unpriced', 10, { filters: { agent: 'unpriced' } }),
      set('nothing', 10, { filters: { agent: 'nobody' } }),
    ]);
    const rows = rowsOf(await ask());
    expect(rows.map(({ budget, spent, state }) => [budget, spent, state])).toEqual([
      ['all', 1, 'ok'],
      ['nothing', 0, 'ok'],
      ['unpriced', null, null],
    ]);
  });

  it('is left out where a name in its filters is that of two, with a notice', async () => {
    const people = ['one', 'two', 'three'].map((userId) =>
      event('user.upserted', NOW - HOUR, { userId, name: userId === 'three' ? 'Zoe' : 'Ann' }),
    );
    const ask = await organization([
      ...people,
      ...run(NOW - HOUR, 3, { userId: 'three' }),
      set('ann', 10, { filters: { user: 'Ann' } }),
      set('zoe', 10, { filters: { user: 'Zoe' } }),
    ]);
    const result = await ask();
    expect(rowsOf(result)).toMatchObject([{ budget: 'zoe', spent: 3 }]);
    expect(result.frames[0]!.schema.meta.notices).toMatchObject([{ severity: 'warning' }]);
    expect(result.frames[0]!.schema.meta.notices![0]!.text).toMatch(/^left out: "ann", whose filters/);
  });
});

describe('the list', () => {
  it('is in order, in pages, and of those that are named by id or name', async () => {
    const ask = await organization([
      ...run(NOW - HOUR, 3),
      set('b', 4, { name: 'Beta' }),
      set('a', 10),
      set('c', 5, { filters: { agent: 'x' } }),
      set('gone', 1),
      event('budget.deleted', NOW, { budgetId: 'gone' }),
    ]);
    expect(columnOf(await ask(), 'budget')).toEqual(['b', 'a', 'c']);
    expect(columnOf(await ask({ orderBy: 'limit', direction: 'asc' }), 'budget')).toEqual(['b', 'c', 'a']);
    const page = await ask({ limit: 1, offset: 1 });
    expect(columnOf(page, 'budget')).toEqual(['a']);
    expect(page.frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: 'number 2 of 3 budgets' }]);
    expect(columnOf(await ask({ filters: { budget: ['Beta', 'c'] } }), 'budget')).toEqual(['b', 'c']);
    expect(columnOf(await ask({ filters: { budget: { not: ['Beta'] } } }), 'budget')).toEqual(['a', 'c']);
    expect((await ask({ orderBy: 'state' })).status).toBe(200);
    expect((await ask({ orderBy: 'x' })).error).toMatch(/^unknown orderBy "x": one of budget, name/);
    expect((await ask({ filters: { team: ['core'] } })).error).toMatch(/^budgets do not take the filter team/);
  });

  it('says why it is empty', async () => {
    const ask = await organization([]);
    const [frame] = (await ask()).frames;
    expect(frame!.schema.meta.notices![0]!.text).toMatch(/^no budget is set here. Set one: npx runboard budget set/);
  });
});

describe('who sees a budget', () => {
  const events = [...PEOPLE, ...Object.entries(FILTERED).map(([id, filters]) => set(id, 10, { filters }))];
  const settings = { memberVisibility: 'team', publicVisibility: 'totals', alertVisibility: 'totals' } as const;
  const everything = Object.keys(FILTERED).sort();
  const withoutPeople = everything.filter((id) => !/ann|bob|nobody|^s\d/.test(id));

  it.each<[string, TestViewer | null, string[]]>([
    ['the token', null, everything],
    ['an administrator', { kind: 'user', role: 'Admin' }, everything],
    ['a manager', member('meg'), everything],
    ['an alert rule', { kind: 'alert' }, withoutPeople],
    ['Ann of core', member('ann'), ['ann', 'ann-of-core', 'core', 's1']],
    ['Bob of apps', member('bob'), []],
    ['Sol of no team', member('sol'), []],
    ['a public board, of too few people', { kind: 'public' }, []],
    ['nobody', { kind: 'unknown' }, []],
  ])('%s', async (_who, viewer, expected) => {
    const orgId = `seen-${(made += 1)}`;
    const { rows, request } = await viewed(world, orgId, settings, []);
    const { token } = await createToken(world.database, orgId, {
      name: 'all',
      scopes: ['ingest', 'directory', 'admin'],
    });
    await world.accept(token, events);
    const seen = await rows(viewer, { view: 'budgets', orderBy: 'budget', direction: 'asc' });
    expect(seen.map(({ budget }) => budget)).toEqual(expected);
    const use = { view: 'table', metrics: ['budget_use'], groupBy: ['budget'], orderBy: 'budget', direction: 'asc' };
    expect((await rows(viewer, use)).map(({ budget }) => budget)).toEqual(expected);
    const { body } = await request('/v1/dimensions/budget/values', viewer);
    expect(body.values.map(({ value }: { value: string }) => value)).toEqual(expected);
  });

  it('a public board sees those about five people, and no projection', async () => {
    const people = ['a', 'b', 'c', 'd', 'e'];
    const orgId = `seen-${(made += 1)}`;
    const { rows } = await viewed(world, orgId, settings, []);
    const { token } = await createToken(world.database, orgId, {
      name: 'all',
      scopes: ['ingest', 'directory', 'admin'],
    });
    await world.accept(token, [
      ...people.map((userId) =>
        event('user.upserted', NOW - 900 * HOUR, { userId, team: userId === 'e' ? 'x' : 'core' }),
      ),
      ...people.flatMap((userId) => run(NOW - HOUR, 1, { userId, sessionId: userId })),
      set('all', 10),
      set('core', 10, { filters: { team: 'core' } }),
      set('not-x', 10, { filters: { team: { not: 'x' } } }),
    ]);
    expect(await rows({ kind: 'public' }, { view: 'budgets' })).toMatchObject([
      { budget: 'all', spent: 5, use: 0.5, state: 'ok', projected: null, reached_at: null },
    ]);
  });
});
