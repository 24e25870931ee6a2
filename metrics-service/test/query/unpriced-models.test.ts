import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { startWorld, WINDOW, type World } from './world.js';

const KNOWN = 'claude-sonnet-4-5';
const REMEDY = '`runboard prices import FILE` or RUNBOARD_PRICES adds prices, or send costUsd';

function run(id: string, userId: string, models: Record<string, number>, more: object = {}): unknown[] {
  const usage = Object.entries(models).map(([model, inputTokens]) => ({ model, inputTokens, outputTokens: 1 }));
  const startedAt = '2026-03-03T10:00:00Z';
  const completed = { runId: id, completedAt: '2026-03-03T11:00:00Z', status: 'SUCCEEDED', usage, ...more };
  const event = { specversion: '1.0', source: 'x' };
  return [
    {
      ...event,
      id: `${id}/started`,
      type: 'run.started',
      data: { runId: id, sessionId: `s-${id}`, userId, startedAt },
    },
    { ...event, id: `${id}/completed`, type: 'run.completed', data: completed },
  ];
}

let world: World;
let token: string;
beforeAll(async () => {
  world = await startWorld([]);
  token = await world.organization('priced', { memberVisibility: 'self', publicVisibility: 'totals' }, [
    'ingest',
    'directory',
    'read',
    'delegate',
  ]);
  const user = { specversion: '1.0', source: 'x', id: 'u', type: 'user.upserted', time: '2026-03-01T00:00:00Z' };
  const body = [
    { ...user, data: { userId: 'bob', email: 'bob@example.org' } },
    ...run('r1', 'ann', { 'mystery-1': 100, [KNOWN]: 100 }),
    ...run('r2', 'ann', { 'mystery-2': 500, 'mystery-1': 10 }),
    ...run('r3', 'bob', { 'mystery-3': 1000 }),
    ...run('r4', 'bob', { 'mystery-4': 9000 }, { costUsd: 1 }),
    ...run('r5', 'ann', { [KNOWN]: 100 }, { startedAt: '2026-03-08T10:00:00Z' }),
  ];
  expect((await world.request('/v1/events', { token, body })).body.rejected).toEqual([]);
});
afterAll(() => world.stop());

async function noticesOf(query: object, viewer?: TestViewer): Promise<string[]> {
  const body = { ...WINDOW, queries: [{ view: 'total', metrics: ['total_cost'], ...query }] };
  const answer = await world.request('/v1/query', { token, body, ...(viewer && { headers: headersOf(viewer) }) });
  const notices = (answer.body.results.A.frames[0].schema.meta.notices ?? []) as { text: string }[];
  return notices.map(({ text }) => text).filter((text) => text.startsWith('no price'));
}

describe('models without a price', () => {
  it.each([
    ['with most tokens first', {}, 'mystery-3, mystery-2, mystery-1'],
    ['of the runs that pass', { filters: { user: ['ann'] } }, 'mystery-2, mystery-1'],
    ['of the parts that pass', { filters: { call_model: ['mystery-1', KNOWN] } }, 'mystery-1'],
    ['in a series', { view: 'series', groupBy: ['user'] }, 'mystery-3, mystery-2, mystery-1'],
    ['beside the window before', { view: 'table', compare: 'previous' }, 'mystery-3, mystery-2, mystery-1'],
  ])('are named %s', async (_how, query, models) => {
    expect(await noticesOf(query)).toEqual([`no price for ${models}: ${REMEDY}`]);
  });

  it.each([
    ['every cost is known', { from: Date.UTC(2026, 2, 8) }],
    ['nothing is about cost', { metrics: ['runs'] }],
    ['nothing is there', { from: Date.UTC(2026, 2, 4), to: Date.UTC(2026, 2, 5) }],
  ])('are not named where %s', async (_where, query) => {
    expect(await noticesOf(query)).toEqual([]);
  });

  it('are those of what one sees', async () => {
    const bob = await noticesOf({}, { kind: 'user', email: 'bob@example.org', auth: 'jwt' });
    expect(bob).toEqual([`no price for mystery-3: ${REMEDY}`]);
    expect(await noticesOf({}, { kind: 'public' })).toEqual([]);
  });

  it('are five at most', async () => {
    const body = run('many', 'ann', Object.fromEntries([1, 2, 3, 4, 5, 6].map((number) => [`m-${number}`, number])));
    const many = await world.organization('many');
    await world.request('/v1/events', { token: many, body });
    const query = { view: 'total', metrics: ['total_cost'] };
    const answer = await world.request('/v1/query', { token: many, body: { ...WINDOW, queries: [query] } });
    expect(answer.body.results.A.frames[0].schema.meta.notices).toContainEqual({
      severity: 'warning',
      text: `no price for m-6, m-5, m-4, m-3, m-2 and 1 other model: ${REMEDY}`,
    });
  });
});
