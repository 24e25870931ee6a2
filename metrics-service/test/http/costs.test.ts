import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NOW, startWorld, type World } from '../query/world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const get = (path: string) => world.request(path, { method: 'GET' });

/** By hand from world.ts. */
describe('costs for other tools', () => {
  const w1 = {
    workItemId: 'W-1',
    totalCost: 1.75,
    totalTokens: 4450,
    sessions: [
      { id: 's2', stage: 'implementation', model: 'claude-sonnet-4-5', cost: 1, tokens: 2300 },
      { id: 's1', stage: null, model: 'claude-sonnet-4-5', cost: 0.75, tokens: 2150 },
    ],
    // what was reported for a whole run is its main model's
    byModel: { 'claude-sonnet-4-5': 1.5, 'gpt-5': 0.25, 'gpt-5-mini': 0 },
  };

  it('of a work item, by its id in the path or in the query string', async () => {
    expect(await get('/v1/work-items/W-1/costs')).toMatchObject({ status: 200, body: w1 });
    expect((await get('/v1/work-items/costs?id=W-1')).body).toEqual(w1);
    expect((await get('/v1/work-items/W-2/costs')).body).toEqual({
      ...{ workItemId: 'W-2', totalCost: null, totalTokens: null, byModel: {} },
      sessions: [{ id: 's2', stage: 'review', model: null, cost: null, tokens: null }],
    });
  });

  it('of one that nothing ran for, whatever it is called', async () => {
    const id = 'https://example.org/é 😀?a=b#7/ "x"';
    const nothing = { workItemId: id, totalCost: 0, totalTokens: 0, sessions: [], byModel: {} };
    expect((await get(`/v1/work-items/${encodeURIComponent(id)}/costs`)).body).toEqual(nothing);
    expect((await get(`/v1/work-items/costs?id=${encodeURIComponent(id)}`)).body).toEqual(nothing);
    expect((await get('/v1/work-items/costs')).status).toBe(400);
  });

  it('of today, this week and this month, in the zone of the organization', async () => {
    // NOW is Tuesday, 10 March, 00:00 UTC
    const { status, body } = await get('/v1/costs/summary');
    expect(status).toBe(200);
    expect(body).toEqual({
      today: { from: NOW, to: NOW, cost: 0, tokens: 0, runs: 0, coverage: null },
      week: { from: Date.UTC(2026, 2, 9), to: NOW, cost: 0, tokens: 0, runs: 0, coverage: null },
      month: { from: Date.UTC(2026, 2, 1), to: NOW, cost: 1.75, tokens: 4450, runs: 5, coverage: 0.75 },
    });
  });

  it('by work item, in pages, the dearest first', async () => {
    const [first, second] = [
      { workItemId: 'W-1', totalCost: 1.75, tokenCount: 4450, sessions: 2, runs: 3 },
      { workItemId: 'W-2', totalCost: null, tokenCount: null, sessions: 1, runs: 2 },
    ];
    expect((await get('/v1/costs/by-work-item')).body).toEqual({ items: [first, second], next: null });
    const page = (await get('/v1/costs/by-work-item?limit=1')).body;
    expect(page).toEqual({ items: [first], next: '1' });
    expect((await get(`/v1/costs/by-work-item?limit=1&cursor=${page.next}`)).body).toEqual({
      items: [second],
      next: null,
    });
    const early = `from=${Date.UTC(2026, 1, 1)}&to=${Date.UTC(2026, 2, 1)}`;
    expect((await get(`/v1/costs/by-work-item?${early}`)).body).toEqual({ items: [], next: null });
    expect((await get('/v1/costs/by-work-item?limit=0')).status).toBe(400);
  });
});
