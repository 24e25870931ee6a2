import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, startWorld, type World } from './world.js';

const event = (id: string, type: string, data: object) => ({ specversion: '1.0', source: 'costs', id, type, data });

function run(runId: string, outcome: object = {}): object[] {
  return [
    event(`${runId} started`, 'run.started', {
      ...{ runId, sessionId: 's1', userId: 'ann', startedAt: '2026-03-03T10:00:00Z', taskType: runId },
    }),
    event(`${runId} completed`, 'run.completed', {
      ...{ runId, completedAt: '2026-03-03T10:10:00Z', status: 'SUCCEEDED', ...outcome },
    }),
  ];
}
const call = (callId: string, runId: string, model: string, tokens: [number, number], costUsd?: string) =>
  event(callId, 'llm_call.recorded', {
    ...{ callId, runId, sessionId: 's1', at: '2026-03-03T10:01:00Z', model, costUsd },
    usage: { inputTokens: tokens[0], outputTokens: tokens[1] },
  });

let world: World;
beforeAll(async () => {
  world = await startWorld([
    // half: one call of a known cost, two of a model without a price; the main model is the unknown one
    ...run('half'),
    call('h1', 'half', 'claude-sonnet-4-5', [1000, 10], '0.10'),
    call('h2', 'half', 'mystery', [100, 50]),
    call('h3', 'half', 'mystery', [200, 0]),
    // mixed: of one model, one call with a cost of its own and one without
    ...run('mixed'),
    call('m1', 'mixed', 'mystery', [10, 1], '0.20'),
    call('m2', 'mixed', 'mystery', [20, 2]),
    // none: nothing is known; whole: reported, whatever its parts cost
    ...run('none', { usage: [{ model: 'mystery', inputTokens: 400, outputTokens: 7 }] }),
    ...run('whole', { costUsd: '0.30', usage: [{ model: 'mystery', inputTokens: 500, outputTokens: 100 }] }),
  ]);
});
afterAll(() => world.stop());

const ask = async (query: object) => rowsOf(await world.ask({ refId: 'A', view: 'table', ...query }));

describe('a cost that is known in part', () => {
  it('adds to sums, stays out of averages, and is counted', async () => {
    const metrics = ['total_cost', 'cost_per_run', 'cost_per_successful_run', 'cost_coverage', 'cost_partly_known'];
    const more = ['unpriced_tokens', 'cost_per_million_tokens', 'fully_known_cost', 'lower_bound_cost'];
    expect(await ask({ metrics: [...metrics, ...more] })).toEqual([
      {
        ...{ total_cost: 0.6, cost_per_run: 0.3, cost_per_successful_run: 0.15 },
        ...{ cost_coverage: 0.25, cost_partly_known: 0.5 },
        // half 150 + 200, mixed 22, none 407
        ...{ unpriced_tokens: 779, cost_per_million_tokens: 500 },
        // whole; half 0.10 and mixed 0.20
        ...{ fully_known_cost: 0.3, lower_bound_cost: 0.3 },
      },
    ]);
  });

  it('is split by model, also within one', async () => {
    const query = { metrics: ['total_cost', 'unpriced_tokens', 'total_tokens'], groupBy: ['call_model'] };
    expect(await ask(query)).toEqual([
      { call_model: 'mystery', total_cost: 0.5, unpriced_tokens: 779, total_tokens: 1390 },
      { call_model: 'claude-sonnet-4-5', total_cost: 0.1, unpriced_tokens: 0, total_tokens: 1010 },
    ]);
  });

  it('is null where nothing is known, in sums and in rows', async () => {
    const query = { metrics: ['total_cost', 'cost_per_run', 'cost_per_million_tokens'], groupBy: ['task_type'] };
    expect(await ask({ ...query, orderBy: 'task_type', direction: 'asc' })).toEqual([
      { task_type: 'half', total_cost: 0.1, cost_per_run: null, cost_per_million_tokens: null },
      { task_type: 'mixed', total_cost: 0.2, cost_per_run: null, cost_per_million_tokens: null },
      { task_type: 'none', total_cost: null, cost_per_run: null, cost_per_million_tokens: null },
      { task_type: 'whole', total_cost: 0.3, cost_per_run: 0.3, cost_per_million_tokens: 500 },
    ]);
    expect(await ask({ metrics: query.metrics, filters: { task_type: ['none'] } })).toEqual([
      { total_cost: null, cost_per_run: null, cost_per_million_tokens: null },
    ]);
    const runs = await ask({ view: 'runs', orderBy: 'run', direction: 'asc' });
    expect(runs.map(({ run, total_cost }) => [run, total_cost])).toEqual([
      ['half', 0.1],
      ['mixed', 0.2],
      ['none', null],
      ['whole', 0.3],
    ]);
  });

  it('says in a notice that sums are a lower bound', async () => {
    const { frames } = await world.ask({ refId: 'A', view: 'total', metrics: ['total_cost'] });
    expect(frames[0]!.schema.meta.notices!.map(({ text }) => text)).toEqual([
      'cost is known for 25 % of the terminal runs, and in part for 50 % (a lower bound); unknown is not counted as zero',
      'no price for mystery: `runboard prices import FILE` or RUNBOARD_PRICES adds prices, or send costUsd',
    ]);
  });
});
