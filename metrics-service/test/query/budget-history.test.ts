import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PEOPLE, member, startWorld, viewed } from '../access/world-of-viewers.js';
import { createToken } from '../../src/access/tokens.js';
import { event, HOUR, organizationOf, run } from './budget-events.js';
import { NOW, rowsOf, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld([]);
});
afterAll(() => world.stop());
const organization = (events: object[]) => organizationOf(world, events);

describe('the history', () => {
  const MARCH = { from: Date.UTC(2026, 0, 1), to: NOW };

  it('is of past periods, each with what held at its end, and who changed it', async () => {
    const said = (time: number, type: string, limitUsd?: number): object =>
      event(`budget.${type}`, time, { budgetId: 'b', ...(limitUsd ? { limitUsd, period: 'month', name: 'B' } : {}) });
    const ask = await organization([
      ...run(Date.UTC(2026, 0, 20), 3),
      ...run(Date.UTC(2026, 1, 20), 8),
      said(Date.UTC(2026, 0, 10), 'set', 4),
      said(Date.UTC(2026, 1, 27), 'set', 10),
      // of the month that goes on
      said(Date.UTC(2026, 2, 2), 'deleted'),
    ]);
    const rows = rowsOf(await ask({ view: 'budget_history', ...MARCH }));
    const common = { budget: 'b', name: 'B', period: 'month', changed_by: 'test' };
    expect(rows).toEqual([
      {
        ...{ ...common, period_start: Date.UTC(2026, 1, 1), period_end: Date.UTC(2026, 2, 1), limit: 10, spent: 8 },
        ...{ use: 0.8, state: 'warn', limit_before: 4, changed_at: Date.UTC(2026, 1, 27) },
      },
      {
        ...{ ...common, period_start: Date.UTC(2026, 0, 1), period_end: Date.UTC(2026, 1, 1), limit: 4, spent: 3 },
        ...{ use: 0.75, state: 'warn', limit_before: null, changed_at: Date.UTC(2026, 0, 10) },
      },
    ]);
    expect(rowsOf(await ask({ view: 'budget_history', ...MARCH, direction: 'asc', limit: 1 }))).toEqual([rows[1]]);
    expect(rowsOf(await ask({ view: 'budget_history', ...MARCH, filters: { budget: ['other'] } }))).toEqual([]);
    expect((await ask({ view: 'budget_history', ...MARCH, orderBy: 'spent' })).error).toMatch(/one of period_start$/);
  });

  it('says why there is none', async () => {
    const ask = await organization([
      event('budget.set', Date.UTC(2026, 2, 2), { budgetId: 'new', limitUsd: 1, period: 'month' }),
      event('budget.set', NOW - 2 * HOUR, { budgetId: 'gone', limitUsd: 1, period: 'month' }),
      event('budget.deleted', NOW - HOUR, { budgetId: 'gone' }),
      event('budget.set', Date.UTC(2026, 1, 22), { budgetId: 'weekly', limitUsd: 1, period: 'week' }),
    ]);
    const why = async (budget: string): Promise<string> => {
      const window = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) };
      const answer = await ask({ view: 'budget_history', ...window, filters: { budget: [budget] } });
      return answer.frames[0]!.schema.meta.notices!.map(({ text }) => text).join();
    };
    expect(await why('new')).toBe('no period of a budget is over yet: the first ends at 2026-04-01 00:00');
    expect(await why('gone')).toBe('what was set here was deleted before a period of it was over');
    expect(await why('never')).toBe('no budget of that name is set, or yours to see');
    expect(await why('weekly')).toBe(
      'no period of a budget ended in this range: such periods ended from 2026-02-23 00:00 to 2026-03-09 00:00. Choose another one',
    );
  });

  it('is shown as far as each of its budgets is: what it was before may be about others', async () => {
    const orgId = 'seen-history';
    const { rows } = await viewed(world, orgId, { memberVisibility: 'team' }, []);
    const { token } = await createToken(world.database, orgId, {
      name: 'all',
      scopes: ['ingest', 'directory', 'admin'],
    });
    const of = (time: number, limitUsd: number, team: string): object =>
      event('budget.set', time, { budgetId: 'b', limitUsd, period: 'week', filters: { team } });
    await world.accept(token, [
      ...PEOPLE,
      of(Date.UTC(2026, 1, 10), 1, 'apps'),
      of(Date.UTC(2026, 2, 3), 2, 'core'),
    ] as object[]);
    const query = { view: 'budget_history', from: Date.UTC(2026, 1, 1), to: NOW, direction: 'asc' };
    const all = await rows(null, query);
    expect(all.map(({ limit }) => limit)).toEqual([1, 1, 1, 2]);
    const seen = await rows(member('ann'), query);
    // core spent r1 and r2 in the week from Monday 2 March; what it was before is not told
    expect(seen).toMatchObject([{ limit: 2, spent: 0.75, limit_before: null, changed_at: Date.UTC(2026, 2, 3) }]);
    expect(await rows({ kind: 'unknown' }, query)).toEqual([]);
  });
});
