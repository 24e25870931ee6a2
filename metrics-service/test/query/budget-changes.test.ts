import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PEOPLE, member, startWorld, viewed } from '../access/world-of-viewers.js';
import type { TestViewer } from '../access/viewers.js';
import { createToken } from '../../src/access/tokens.js';
import { at, event, HOUR, organizationOf } from './budget-events.js';
import { NOW, rowsOf, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld([]);
});
afterAll(() => world.stop());
const organization = (events: object[]) => organizationOf(world, events);

describe('changes as annotations', () => {
  const FEBRUARY = {
    view: 'annotations',
    kinds: ['budget_change'],
    from: Date.UTC(2026, 1, 1),
    to: Date.UTC(2026, 2, 1),
  };
  const february = (day: number): number => Date.UTC(2026, 1, day);
  const said = (day: number, data: object): object =>
    event('budget.set', february(day), { budgetId: 'b', name: 'B', period: 'month', ...data });

  it('marks what was set, changed and deleted in the window, and nothing that stayed as it was', async () => {
    const ask = await organization([
      said(1, { limitUsd: 4 }),
      said(2, { limitUsd: '4.00' }),
      said(3, { limitUsd: 10, period: 'week' }),
      said(4, { limitUsd: 10, period: 'week', filters: { agent: 'x' } }),
      event('budget.deleted', february(5), { budgetId: 'b' }),
      event('budget.deleted', february(6), { budgetId: 'b' }),
      // before the window, and behind it
      event('budget.set', february(-3), { budgetId: 'other', limitUsd: 1, period: 'day' }),
      event('budget.deleted', Date.UTC(2026, 2, 1), { budgetId: 'other' }),
    ]);
    const mark = (day: number, what: string, limit: string): object => ({
      ...{ time: february(day), timeEnd: null, title: `Budget ${what.toLowerCase()}: B`, text: `${limit}\nby test` },
      ...{ tags: `budget_change,${what},b`, id: `budget_change:b:${february(day)}` },
    });
    const marks = [
      mark(5, 'Ended', '$10.00 per week'),
      mark(4, 'Changed', '$10.00 per week, other filters, thresholds or name'),
      mark(3, 'Changed', '$10.00 per week, before: $4.00 per month'),
      mark(1, 'Set', '$4.00 per month'),
    ];
    const all = await ask(FEBRUARY);
    expect(rowsOf(all)).toEqual(marks);
    expect(all.frames[0]!.schema.meta.notices ?? []).toEqual([]);
    expect(rowsOf(await ask({ ...FEBRUARY, direction: 'asc' }))).toEqual([...marks].reverse());
    // not by default, and filters are of runs
    expect(rowsOf(await ask({ ...FEBRUARY, kinds: undefined }))).toEqual([]);
    const filtered = await ask({ ...FEBRUARY, filters: { team: ['core'] } });
    expect(rowsOf(filtered)).toEqual(marks);
    expect(filtered.frames[0]!.schema.meta.notices).toEqual([
      { severity: 'info', text: 'changes of budgets are of all of them: the filters here are of runs' },
    ]);

    // three points are too few for its days or weeks
    const merged = await ask({ ...FEBRUARY, to: NOW, limit: 3 });
    const [march, first] = [Date.UTC(2026, 2, 1), february(1)];
    expect(rowsOf(merged)).toEqual([
      {
        ...{ time: march, timeEnd: null, title: '1 change of a budget', text: 'Ended 1' },
        ...{ tags: 'budget_change,Ended', id: `budget_change:${march}` },
      },
      {
        ...{ time: first, timeEnd: null, title: '4 changes of budgets', text: 'Changed 2, Ended 1, Set 1' },
        ...{ tags: 'budget_change,Changed,Ended,Set', id: `budget_change:${first}` },
      },
    ]);
  });

  it('comes in pages among other kinds, each once', async () => {
    const failed = [2, 4, 6, 8].flatMap((day) => {
      const runId = `f${day}`;
      const [startedAt, completedAt] = [at(february(day)), at(february(day) + HOUR)];
      return [event('run.completed', february(day) + HOUR, { runId, startedAt, completedAt, status: 'FAILED' })];
    });
    const ask = await organization([...failed, ...[1, 3, 7].map((day) => said(day, { limitUsd: day }))]);
    const asked = { ...FEBRUARY, kinds: ['failed_run', 'budget_change'] };
    const pages = await Promise.all([0, 2, 4, 6].map((offset) => ask({ ...asked, limit: 2, offset })));
    const days = pages.map((page) => rowsOf(page).map(({ time }) => new Date(time as number).getUTCDate()));
    expect(days).toEqual([[8, 7], [6, 4], [3, 2], [1]]);
    expect(pages[1]!.frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: '3 to 4 of 7 annotations' }]);
  });

  it('tells a viewer of their budgets alone', async () => {
    const orgId = 'seen-changes';
    const { rows, ask } = await viewed(world, orgId, { memberVisibility: 'team' }, []);
    const { token } = await createToken(world.database, orgId, {
      name: 'all',
      scopes: ['ingest', 'directory', 'admin'],
    });
    await world.accept(token, [
      ...PEOPLE,
      said(10, { limitUsd: 1, filters: { team: 'apps' } }),
      said(12, { limitUsd: 2, filters: { team: 'core' } }),
      event('budget.set', february(13), { budgetId: 'all', limitUsd: 9, period: 'day' }),
    ] as object[]);
    const titles = async (viewer: TestViewer | null): Promise<unknown[]> =>
      (await rows(viewer, FEBRUARY)).map(({ title, text }) => [title, text].join(': '));
    expect(await titles(null)).toEqual([
      'Budget set: all: $9.00 per day\nby test',
      'Budget changed: B: $2.00 per month, before: $1.00 per month\nby test',
      'Budget set: B: $1.00 per month\nby test',
    ]);
    // what it was before was not hers to see
    expect(await titles(member('ann'))).toEqual(['Budget set: B: $2.00 per month\nby test']);
    expect(await titles({ kind: 'unknown' })).toEqual([]);
    expect((await ask({ kind: 'alert' }, FEBRUARY)).error).toMatch(/^alert rules see numbers of many only/);
  });
});
