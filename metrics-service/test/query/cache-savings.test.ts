import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadPrices } from '../../src/pricing/index.js';
import { reprice } from '../../src/ingest/reprice.js';
import { rowsOf, startWorld, type World } from './world.js';

const event = (id: string, type: string, data: object) => ({ specversion: '1.0', source: 'cache', id, type, data });

function run(runId: string, day: string, outcome: object = {}): object[] {
  const [startedAt, completedAt] = [`2026-03-${day}T10:00:00Z`, `2026-03-${day}T10:10:00Z`];
  return [
    event(`${runId} started`, 'run.started', { runId, sessionId: 's1', userId: 'ann', startedAt, taskType: runId }),
    event(`${runId} completed`, 'run.completed', { runId, completedAt, status: 'SUCCEEDED', ...outcome }),
  ];
}
const call = (callId: string, runId: string, model: string, usage: object, costUsd?: string) =>
  event(callId, 'llm_call.recorded', {
    ...{ callId, runId, sessionId: 's1', at: '2026-03-03T10:01:00Z', model, costUsd },
    usage: { inputTokens: 1000, outputTokens: 10, ...usage },
  });

let world: World;
beforeAll(async () => {
  world = await startWorld([
    // opus: 5 US dollars for a million, read 0.50, written 6.25
    ...run('calls', '03'),
    call('c1', 'calls', 'claude-opus-4-6', { cacheReadTokens: 800, cacheWriteTokens: 100 }),
    call('c2', 'calls', 'claude-opus-4-6', { cacheReadTokens: 1000 }, '0.10'),
    call('c3', 'calls', 'mystery', { cacheReadTokens: 1000 }),
    ...run('sums', '04', {
      costUsd: '0.30',
      usage: [{ model: 'claude-opus-4-6', inputTokens: 400, outputTokens: 7, cacheWriteTokens: 400 }],
    }),
    ...run('unpriced', '05', { usage: [{ model: 'mystery', inputTokens: 400, outputTokens: 7 }] }),
    ...run('no usage', '05', { costUsd: '0.20' }),
  ]);
});
afterAll(() => world.stop());

const ask = async (query: object) => rowsOf(await world.ask({ refId: 'A', metrics: ['cache_savings'], ...query }));
// 800 x 4,500 - 100 x 1,250, and 1000 x 4,500 nanos; 400 x 1,250 less
const CALLS = 0.007975;
const SUMS = -0.0005;
const ALL = 0.007475;

describe('what the cache saved', () => {
  it('adds up what is known, also of calls and runs with a cost of their own', async () => {
    expect(await ask({ view: 'total' })).toEqual([{ cache_savings: ALL }]);
    expect(await ask({ view: 'table', groupBy: ['task_type'], orderBy: 'task_type', direction: 'asc' })).toEqual([
      { task_type: 'calls', cache_savings: CALLS },
      { task_type: 'no usage', cache_savings: null },
      { task_type: 'sums', cache_savings: SUMS },
      { task_type: 'unpriced', cache_savings: null },
    ]);
  });

  it('is split by the model of the calls, and by day', async () => {
    expect(await ask({ view: 'table', groupBy: ['call_model'] })).toEqual([
      { call_model: 'claude-opus-4-6', cache_savings: ALL },
      { call_model: 'mystery', cache_savings: null },
      { call_model: null, cache_savings: null },
    ]);
    const points = await ask({ view: 'series', interval: 'day', filters: { task_type: ['calls', 'sums'] } });
    expect(points.map((point) => point.cache_savings)).toEqual([0, CALLS, SUMS, 0, 0, 0, 0]);
  });

  it('is filled in where an older version has left it out', async () => {
    const { orgId, token } = await world.newOrganization();
    const events = [...run('old', '03'), call('o1', 'old', 'claude-opus-4-6', { cacheReadTokens: 1000 }, '0.10')];
    await world.accept(token, [
      ...events,
      ...run('old sums', '03', {
        costUsd: 1,
        usage: [{ model: 'gpt-5', inputTokens: 8, outputTokens: 1, cacheReadTokens: 8 }],
      }),
    ]);
    await world.database.inOrganization(orgId, async (tx) => {
      for (const table of ['llm_calls', 'run_models', 'runs']) {
        await tx.query(`update ${table} set cache_savings_nanos = null where org_id = $1`, [orgId]);
      }
      await tx.query(`update ingest_state set prices_hash = 'of then' where org_id = $1`, [orgId]);
    });
    expect(await reprice(world.database, orgId, loadPrices())).toBe(true);
    const { body } = await world.request('/v1/query', {
      token,
      body: {
        ...{ from: '2026-03-03T00:00:00Z', to: '2026-03-04T00:00:00Z' },
        queries: [{ refId: 'A', view: 'table', metrics: ['cache_savings'], groupBy: ['call_model'] }],
      },
    });
    // 1000 x 4,500, and 8 x 1,125 nanos
    expect(rowsOf(body.results.A)).toEqual([
      { call_model: 'claude-opus-4-6', cache_savings: 0.0045 },
      { call_model: 'gpt-5', cache_savings: 0.000009 },
    ]);
  });
});
