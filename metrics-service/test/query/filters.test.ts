import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

describe('filters', () => {
  const count = async (metric: string, filters: unknown): Promise<unknown> => {
    const { frames, error } = await world.ask({ view: 'total', metrics: [metric], filters });
    if (error) throw new Error(error);
    return frames[0]!.data.values[0]![0];
  };

  it.each([
    [{ repo: ['web'] }, 2],
    [{ repo: 'web' }, 2],
    [{ repo: ['web', 'api'] }, 5],
    [{ repo: [] }, 5],
    [{ repo: { not: ['web'] } }, 3],
    [{ repo: { not: [] } }, 5],
    [{ repo: ['web'], status: ['FAILED', 'TIMEOUT'] }, 1],
    [{ task_type: ['(none)'] }, 4],
    [{ task_type: null }, 4],
    [{ task_type: ['feature', null] }, 5],
    [{ task_type: { not: ['feature'] } }, 4],
    [{ task_type: { not: ['(none)'] } }, 1],
    [{ task_type: { not: ['feature', '(none)'] } }, 0],
    [{ failure_category: { not: ['tool_error'] } }, 4],
    [{ user: ['Ann'] }, 3],
    [{ user: ['u-ann', 'bob@example.org'] }, 5],
    [{ user: { not: 'Ann' } }, 2],
    [{ user: ['Nobody'] }, 0],
    [{ team: 'core' }, 3],
    [{ session: 's1', model: ['gpt-5'] }, 1],
    [{ workspace: ['(none)'] }, 5],
    [{ agent: ['builder'] }, 1],
    [{ role: ['reviewer'] }, 1],
    [{ workflow: ['fix'] }, 1],
    [{ stage: ['review'] }, 2],
    [{ work_item: ['W-1'] }, 3],
    [{ work_item: { not: ['W-1'] } }, 2],
    [{ work_item_type: ['bug'], repo: ['api'] }, 1],
    [{ project: ['shop'] }, 3],
    [{ epic: ['E-1'] }, 3],
  ])('runs with %j: %j', async (filters, expected) => {
    expect(await count('runs', filters)).toBe(expected);
  });

  it.each([
    [{ team: 'core' }, 1],
    [{ user: ['(none)'] }, 1],
    [{ status: ['FAILED'] }, 1],
    // one and the same run: s1 has a SUCCEEDED run and one by gpt-5, but not both in one
    [{ status: ['SUCCEEDED'], model: ['gpt-5'] }, 0],
    [{ status: ['SUCCEEDED'], model: ['claude-sonnet-4-5'] }, 1],
    [{ work_item: ['W-1'] }, 2],
    [{ epic: ['E-1'], agent: ['builder'] }, 1],
    [{ local_handoff: true }, 2],
    [{ local_handoff: ['false'] }, 1],
    [{ local_handoff: [true, false] }, 3],
    [{ local_handoff: { not: ['true'] } }, 1],
    [{ post_handoff_iteration: 'true' }, 1],
    [{ post_handoff_iteration: false, local_handoff: true }, 1],
  ])('sessions with %j: %j', async (filters, expected) => {
    expect(await count('active_sessions', filters)).toBe(expected);
  });

  it.each([
    ['closed_work_items', { agent: ['reviewer'] }, 1],
    ['closed_work_items', { work_item: ['W-1', 'W-3'] }, 2],
    ['escalations', { severity: ['high', 'critical'] }, 1],
    ['escalations', { escalation_category: ['(none)'] }, 1],
    ['escalations', { repo: ['web'] }, 1],
    ['tool_calls', { tool: ['Bash'], status: ['FAILED'] }, 2],
    ['tool_calls', { tool: { not: ['Bash'] } }, 3],
  ])('%s with %j: %j', async (metric, filters, expected) => {
    expect(await count(metric, filters)).toBe(expected);
  });

  it('keeps the numbers of a session whole when its runs are filtered', async () => {
    expect(await count('avg_runs_per_session', { status: ['FAILED'] })).toBe(2);
  });

  it('takes both kinds of metrics in one query', async () => {
    const { frames } = await world.ask({
      view: 'total',
      metrics: ['runs', 'active_sessions'],
      filters: { status: 'FAILED' },
    });
    expect(frames[0]!.data.values).toEqual([[1], [1]]);
  });
});
