import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** By hand from world.ts. */
const W1 = {
  work_item: 'W-1',
  title: 'Totals',
  url: null,
  type: 'bug',
  project: 'shop',
  epic: 'E-1',
  state: 'closed',
  sessions: 2,
  runs: 3,
  total_tokens: 4450,
  total_cost: 1.75,
  cost_band: 'green',
  first_run_at: Date.UTC(2026, 2, 2, 10),
  closed_at: Date.UTC(2026, 2, 7, 10),
  time_to_close: 432_000_000,
  quality: 'passed',
  escalations: 1,
};
const W2 = {
  ...{ work_item: 'W-2', title: null, url: null, type: 'feature', project: null, epic: null, state: 'closed' },
  ...{ sessions: 1, runs: 2, total_tokens: null, total_cost: null, cost_band: null },
  ...{ first_run_at: Date.UTC(2026, 2, 4, 12), closed_at: Date.UTC(2026, 2, 8, 18), time_to_close: 367_200_000 },
  ...{ quality: 'failed', escalations: 1 },
};

describe('view work_items', () => {
  const ask = async (more: object, request = {}) => rowsOf(await world.ask({ view: 'work_items', ...more }, request));

  it('has a row for each that runs in the window are about, the dearest first', async () => {
    expect(await ask({})).toEqual([W1, W2]);
    expect((await ask({ orderBy: 'time_to_close', direction: 'asc' })).map((row) => row.work_item)).toEqual([
      'W-2',
      'W-1',
    ]);
    expect((await ask({ orderBy: 'work_item', direction: 'desc', limit: 1 })).map((row) => row.work_item)).toEqual([
      'W-2',
    ]);
  });

  it('takes the filters of runs: the sums are over the runs that pass, the rest is of the whole item', async () => {
    expect(await ask({ filters: { repo: ['web'] } })).toEqual([
      { ...W1, sessions: 1, runs: 2, total_tokens: 2150, total_cost: 0.75 },
    ]);
    expect(await ask({ filters: { epic: ['(none)'] } })).toEqual([W2]);
    const march5 = { from: Date.UTC(2026, 2, 5), to: Date.UTC(2026, 2, 6) };
    expect(await ask({}, march5)).toEqual([
      { ...W1, sessions: 1, runs: 1, total_tokens: 2300, total_cost: 1, escalations: 0 },
    ]);
  });

  it('is empty where nothing is about one, and takes no other columns to order by', async () => {
    expect(await ask({ filters: { work_item: ['nothing'] } })).toEqual([]);
    const { error } = await world.ask({ view: 'work_items', orderBy: 'lifespan' });
    expect(error).toContain('lifespan');
  });
});
