import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METRICS } from '../../src/catalogue/index.js';
import * as files from '../../src/catalogue/metrics/index.js';
import { startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

describe('GET /v1/catalogue', () => {
  it('has every metric with what it means and takes', async () => {
    const { status, body } = await world.request('/v1/catalogue');
    expect(status).toBe(200);
    expect(body.metrics.map(({ id }: { id: string }) => id)).toEqual(METRICS.map(({ id }) => id));
    expect(body.metrics.find(({ id }: { id: string }) => id === 'run_success_rate')).toEqual({
      id: 'run_success_rate',
      title: 'Run success rate',
      section: 'Reliability',
      definition: expect.stringContaining('SUCCEEDED'),
      unit: 'ratio',
      grafanaUnit: 'percentunit',
      better: 'higher',
      filters: expect.arrayContaining(['team', 'status']),
      groups: expect.arrayContaining(['team', 'status']),
      requires: null,
      requiresAny: [],
      hasInterval: true,
    });
    expect(body.views.map(({ name }: { name: string }) => name)).toEqual([
      'total',
      'series',
      'table',
      'sessions',
      'session',
      'runs',
      'handoffs',
      'activity',
      'timeline',
      'annotations',
      'data_quality',
      'headline',
      'findings',
      'work_items',
      'work_item',
      'unlinked_sessions',
      'escalations',
      'tool_calls',
      'files',
      'live',
      'contrast',
      'distribution',
      'punchcard',
      'budgets',
      'budget_history',
    ]);
    const view = (asked: string) => body.views.find(({ name }: { name: string }) => name === asked);
    expect(view('series')).toMatchObject({ filters: null, columns: [], members: expect.arrayContaining(['interval']) });
    expect(view('timeline')).toMatchObject({ filters: ['session'], columns: [] });
    expect(view('runs').filters).toEqual(expect.arrayContaining(['model', 'local_handoff']));
    expect(view('runs').columns).toContainEqual({ name: 'started_at', title: expect.any(String) });
    expect(body.annotations).toEqual(['handoff', 'failed_run', 'first_model_use', 'budget_change', 'finding']);
  });

  it('has examples that are answered', async () => {
    const { body } = await world.request('/v1/catalogue');
    for (const { query } of body.examples) expect((await world.ask(query)).error).toBeUndefined();
  });

  it('names a metric in the index as in its file', () => {
    for (const [name, metric] of Object.entries(files)) expect(metric.id).toBe(name);
  });
});

describe('GET /v1/dimensions/{name}/values', () => {
  const values = async (path: string): Promise<[string, string][]> => {
    const { status, body } = await world.request(`/v1/dimensions/${path}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.values.map(({ value, label }: { value: string; label: string }) => [value, label]);
  };
  const same = (...names: string[]): [string, string][] => names.map((name) => [name, name]);

  it.each([
    ['team/values', same('apps', 'core', '(none)')],
    ['repo/values', same('api', 'web', '(none)')],
    [
      'status/values',
      [
        ['CANCELED', 'Canceled'],
        ['FAILED', 'Failed'],
        ['IN_FLIGHT', 'In flight'],
        ['SUCCEEDED', 'Succeeded'],
        ['TIMEOUT', 'Timed out'],
      ],
    ],
    ['status/values?search=timed', [['TIMEOUT', 'Timed out']]],
    [
      'status/values?search=E&limit=2',
      [
        ['CANCELED', 'Canceled'],
        ['FAILED', 'Failed'],
      ],
    ],
    [
      'failure_category/values',
      [
        ['tool_error', 'Tool error'],
        ['(none)', '(none)'],
      ],
    ],
    ['model/values', same('claude-sonnet-4-5', 'gpt-5', '(none)')],
    ['call_model/values', same('claude-sonnet-4-5', 'gpt-5', 'gpt-5-mini')],
    ['phase/values', same('edit', 'setup')],
    ['session/values', same('s1', 's2', 's3', 's4')],
    ['local_handoff/values', same('true', 'false')],
    [
      'user/values',
      [
        ['u-ann', 'Ann'],
        ['u-bob', 'bob@example.org'],
        ['u-cyd', 'u-cyd'],
      ],
    ],
    ['user/values?search=ANN', [['u-ann', 'Ann']]],
    ['user/values?search=U-b', [['u-bob', 'bob@example.org']]],
    ['user/values?search=%25', []],
    ['user/values?search=_', []],
    ['team/values?search=c&limit=1', same('core')],
    ['team/values?limit=1', same('apps')],
    [`session/values?from=${WINDOW.from}&to=${WINDOW.to}`, same('s1', 's2', 's4')],
    [
      `user/values?from=${WINDOW.from}&to=${WINDOW.to}`,
      [
        ['u-ann', 'Ann'],
        ['u-bob', 'bob@example.org'],
        ['(none)', '(none)'],
      ],
    ],
    [`status/values?from=${WINDOW.from - 1e10}&to=${WINDOW.from}`, [['IN_FLIGHT', 'In flight']]],
    ['team/values?search=&from=&to=', same('apps', 'core', '(none)')],
  ])('%s', async (path, expected) => {
    expect(await values(path)).toEqual(expected);
  });

  it.each([
    ['colour/values', 'unknown dimension "colour": one of user, team'],
    ['team/values?limit=10001', 'limit: must be a whole number from 1 to 10,000'],
    ['team/values?limit=x', 'limit: must be'],
    ['team/values?from=1', 'from and to are needed both'],
    ['team/values?from=2&to=1', 'from (2) must lie before to (1)'],
    ['team/values?search=a&search=b', 'search: must be text, given once'],
  ])('%s is refused', async (path, says) => {
    const { status, body } = await world.request(`/v1/dimensions/${path}`);
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(body.detail).toContain(says);
  });

  it('shows nothing that is deleted', async () => {
    const token = await world.organization('deleting');
    const event = (id: string, type: string, data: object) => ({
      specversion: '1.0',
      source: 'd',
      id,
      type,
      time: '2026-03-02T00:00:00Z',
      data,
    });
    await world.request('/v1/events', {
      token,
      body: [
        event('1', 'session.created', { sessionId: 'gone', createdAt: '2026-03-02T00:00:00Z', repo: 'secret' }),
        event('2', 'run.started', { runId: 'r', sessionId: 'gone', startedAt: '2026-03-02T00:00:00Z', model: 'm' }),
        event('3', 'session.deleted', { sessionId: 'gone' }),
      ],
    });
    for (const name of ['session', 'repo', 'model', 'status']) {
      const { body } = await world.request(`/v1/dimensions/${name}/values`, { token });
      expect(body.values).toEqual([]);
    }
  });
});
