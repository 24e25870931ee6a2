import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, startWorld, type World } from './world.js';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 9, minute)).toISOString();
let events = 0;
const event = (type: string, data: object) => ({ specversion: '1.0', source: 't', id: `e${events++}`, type, data });
const call = (callId: string, runId: string, model: string, said: object) =>
  event('llm_call.recorded', {
    ...{ callId, sessionId: 's', runId, at: at(1), model, usage: { inputTokens: 100, outputTokens: 10 } },
    ...said,
  });
const run = (runId: string, outcome: object) => [
  event('run.started', { runId, sessionId: 's', startedAt: at(0) }),
  event('run.completed', { runId, completedAt: at(5), status: 'SUCCEEDED', ...outcome }),
];

/** Run a costs what its calls do; b, of one call, 1 USD as a whole; c told nothing but sums. */
const EVENTS = [
  ...run('a', {}),
  call('a1', 'a', 'opus', { phase: 'plan', costUsd: '0.1' }),
  call('a2', 'a', 'opus', { phase: 'edit', costUsd: '0.2' }),
  call('a3', 'a', 'haiku', { phase: 'edit', costUsd: '0.3' }),
  call('a4', 'a', 'haiku', { costUsd: '0.05' }),
  ...run('b', { costUsd: '1' }),
  call('b1', 'b', 'opus', { phase: 'plan' }),
  ...run('c', { costUsd: '2', usage: [{ model: 'haiku', inputTokens: 1000, outputTokens: 1 }] }),
];

let world: World;
beforeAll(async () => {
  world = await startWorld(EVENTS);
});
afterAll(() => world.stop());

const table = async (groupBy: string[], more: object = {}) =>
  rowsOf(await world.ask({ view: 'table', metrics: ['total_cost', 'total_tokens'], groupBy, ...more })).map((row) =>
    Object.values(row),
  );

describe('cost and tokens by the phase of calls', () => {
  it('add up to the total: what is said of a whole run is in no phase', async () => {
    expect(await table([])).toEqual([[3.65, 1551]]);
    expect(await table(['call_phase'])).toEqual([
      ['edit', 0.5, 220],
      ['plan', 0.1, 220],
      [null, 3.05, 1111],
    ]);
  });

  it('are split by model besides: the cost of a whole run is its main model’s', async () => {
    expect(await table(['call_model', 'call_phase'], { orderBy: 'call_model', direction: 'asc' })).toEqual([
      ['haiku', 'edit', 0.3, 110],
      ['opus', 'edit', 0.2, 110],
      ['opus', 'plan', 0.1, 220],
      ['haiku', null, 2.05, 1111],
      ['opus', null, 1, 0],
    ]);
  });

  it('can be filtered to phases, and to all but these', async () => {
    expect(await table([], { filters: { call_phase: ['edit'] } })).toEqual([[0.5, 220]]);
    expect(await table([], { filters: { call_phase: { not: ['edit', null] } } })).toEqual([[0.1, 220]]);
    expect(await table(['call_model'], { filters: { call_phase: ['edit'] } })).toEqual([
      ['haiku', 0.3, 110],
      ['opus', 0.2, 110],
    ]);
  });

  it('a request has the phase that any of its calls was told with', async () => {
    const twice = [call('a4x', 'a', 'haiku', { requestId: 'q' }), call('request:q', 'a', 'haiku', { phase: 'test' })];
    const { status } = await world.request('/v1/events', { body: twice });
    expect(status).toBe(200);
    expect((await table(['call_phase'])).find(([phase]) => phase === 'test')).toEqual(['test', null, 110]);
  });

  it('belongs to sums of cost and tokens only', async () => {
    const { error } = await world.ask({ view: 'table', metrics: ['cost_per_run'], groupBy: ['call_phase'] });
    expect(error).toMatch('metric cost_per_run does not take the grouping call_phase');
  });
});
