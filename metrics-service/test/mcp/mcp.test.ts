import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { METRICS } from '../../src/catalogue/index.js';
import { startWorld, type World } from '../query/world.js';
import { answer, call, closeClients, overHttp, overStdio, WEEK } from './clients.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await closeClients();
  await world.stop();
});

describe.each([
  ['streamable HTTP', () => overHttp(world)],
  ['stdio', () => overStdio(world)],
])('over %s', (_name, connect) => {
  let client: Client;
  beforeAll(async () => {
    client = await connect();
  });

  it('has read-only tools', async () => {
    expect(client.getServerVersion()?.name).toBe('runboard');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'list_metrics',
      'query',
      'recent_runs',
      'failures',
      'session',
      'data_quality',
      'findings',
      'agent_record',
      'work_item_cost',
      'compare',
    ]);
    for (const { annotations, description, inputSchema } of tools) {
      expect([annotations?.readOnlyHint, inputSchema.additionalProperties]).toEqual([true, false]);
      expect([description!.length > 40, inputSchema.type]).toEqual([true, 'object']);
    }
    expect(JSON.stringify(tools).length).toBeLessThan(17_500);
  });

  it('lists every metric with its definition', async () => {
    const { text } = await call(client, 'list_metrics');
    expect(text.length).toBeLessThan(18_750);
    const { metrics } = JSON.parse(text);
    expect(metrics.map(({ id }: any) => id)).toEqual(METRICS.map(({ id }) => id));
    const found = await answer(client, 'list_metrics', { search: 'phase' });
    expect(found.metrics).toMatchObject([{ id: 'avg_phase_duration', requires_group_by: 'phase', unit: 'ms' }]);
  });

  it('answers queries with definition and coverage', async () => {
    const asked = { metrics: ['runs', 'total_cost'], group_by: ['repo'], ...WEEK };
    const { rows, metrics, window } = await answer(client, 'query', asked);
    // web: r1 and r2, $0.75; api: r3 of unknown cost, r4 for $1, r5 in flight
    expect(rows).toEqual([
      { repo: 'api', runs: 3, total_cost: 1, cost_coverage: 0.5 },
      { repo: 'web', runs: 2, total_cost: 0.75, cost_coverage: 1 },
    ]);
    expect(window).toEqual({ from: '2026-03-02T00:00:00.000Z', to: '2026-03-09T00:00:00.000Z', timezone: 'UTC' });
    expect(metrics[1]).toMatchObject({
      id: 'total_cost',
      unit: 'USD',
      definition: METRICS.find(({ id }) => id === 'total_cost')!.definition,
      coverage: '5 runs, 4 of them ended; cost known for 75.0% of those that ended',
    });
    const series = await answer(client, 'query', {
      metrics: ['runs'],
      interval: 'day',
      filters: { user: 'Ann' },
      ...WEEK,
    });
    expect(series.rows.map(({ runs }: any) => runs)).toEqual([1, 1, 0, 0, 1, 0, 0]);
    const compared = await answer(client, 'query', { metrics: ['runs'], compare: 'previous', ...WEEK });
    expect(compared.rows).toEqual([{ runs: 5, runs_previous: 0, runs_change: null }]);
    const trend = { metrics: ['runs'], group_by: ['repo'], trend: 'runs', compare: 'same_weekdays', ...WEEK };
    expect((await answer(client, 'query', trend)).rows[0]).toMatchObject({
      repo: 'api',
      runs_trend: expect.any(Array),
    });
    // 1 of 4 that ended: statsmodels' proportion_confint, method wilson
    const whole = await answer(client, 'query', { metrics: ['run_success_rate'], intervals: 'wilson95', ...WEEK });
    expect(whole.rows).toEqual([
      {
        ...{ run_success_rate: 0.25, run_success_rate_low: 0.045587, run_success_rate_high: 0.699358 },
        run_success_rate_cases: 4,
      },
    ]);
    const sessions = await answer(client, 'query', { metrics: ['active_sessions'], ...WEEK });
    expect([sessions.rows, sessions.metrics[0].coverage]).toEqual([[{ active_sessions: 3 }], '3 active sessions']);
  });

  it('says what would be right', async () => {
    const wrong = async (given: object): Promise<string> => {
      const { isError, text } = await call(client, 'query', given);
      expect(isError).toBe(true);
      return text;
    };
    expect(await wrong({ metrics: ['beauty'] })).toContain('total_cost');
    expect(await wrong({ metrics: ['runs'], groupBy: ['team'] })).toMatch(/unrecognized.*groupBy/i);
    expect(await wrong({ metrics: ['runs'], last: 'ages' })).toContain('`last` must be like 24h');
    expect(await wrong({ metrics: ['runs'], timezone: 'Mars/Base' })).toContain('Mars/Base');
    expect(await wrong({ metrics: ['active_sessions'], group_by: ['model'] })).toContain('does not take the grouping');
  });

  it('tells of recent runs, failures and one session', async () => {
    const recent = await answer(client, 'recent_runs', { limit: 2, ...WEEK });
    expect(recent.runs.map(({ run }: any) => run)).toEqual(['r5', 'r4']);
    expect(recent.runs[1]).toMatchObject({ status: 'TIMEOUT', started_at: '2026-03-05T09:00:00.000Z', total_cost: 1 });
    expect(recent.runs[0]).not.toHaveProperty('total_cost');
    expect(recent.usual).toMatchObject({ runs: 5, run_success_rate: 0.25, cost_coverage: 0.75 });
    expect(recent.notices).toContain('first 2 of 5');

    const failures = await answer(client, 'failures', WEEK);
    expect(failures.rates).toMatchObject({ failed_runs: 1, terminal_runs: 4, run_failure_rate: 0.25 });
    expect(failures.categories).toEqual([{ failure_category: 'tool_error', failed_runs: 1, failure_share: 1 }]);
    expect(failures.failed_runs).toMatchObject([{ run: 'r2', failure_category: 'tool_error', session: 's1' }]);

    const { session, runs } = await answer(client, 'session', { session: 's1', ...WEEK });
    expect(session).toMatchObject({ session: 's1', runs: 2, total_cost: 0.75, post_handoff_iteration: true });
    expect(runs.map(({ run }: any) => run)).toEqual(['r2', 'r1']);
    const { checks } = await answer(client, 'data_quality', WEEK);
    // r5, in flight since the 7th, belongs to Ann; r3 has no cost
    expect(checks[1]).toMatchObject({ check: 'runs_without_price', count: 1, since: '2026-03-04T12:00:00.000Z' });
    expect(checks[0]).toEqual({
      ...{ check: 'runs_without_user', what: 'Runs without a user', count: 0 },
      ...{ since: null, names: null, remedy: null },
    });
    expect(await answer(client, 'work_item_cost', { work_item: 'W-1' })).toMatchObject({
      totalCost: 1.75,
      byModel: { 'gpt-5': 0.25 },
    });
    expect((await answer(client, 'work_item_cost', { work_item: 'W-1' })).metrics).toMatchObject([
      { id: 'total_cost', coverage: '3 runs, 3 of them ended; cost known for 100.0% of those that ended' },
      { id: 'total_tokens' },
    ]);
    const { headline, findings } = await answer(client, 'findings', WEEK);
    expect([headline, findings]).toEqual([['5 runs in this range: too few to say more.'], []]);
    const nobody = await answer(client, 'session', { session: 'nobody', ...WEEK });
    expect(nobody).toMatchObject({
      session: null,
      runs: [],
      notices: [expect.stringMatching(/^session "nobody" is not known here/)],
    });
  });
});

describe('who does it well', () => {
  let client: Client;
  beforeAll(async () => {
    client = await overHttp(world);
  });

  // by hand from world.ts: of 2 that failed 0 to z² ÷ (2 + z²), of 1 that passed 1 ÷ (1 + z²) to 1
  const NONE_OF_TWO = { run_success_rate: 0, run_success_rate_low: 0, run_success_rate_high: 0.65762 };
  const ALL_OF_ONE = (id: string) => ({ [id]: 1, [`${id}_low`]: 0.206549, [`${id}_high`]: 1, [`${id}_cases`]: 1 });

  it('an agent reads its own record', async () => {
    const { record, metrics, models, work_items, escalations, notices } = await answer(client, 'agent_record', {
      ...{ agent: 'reviewer', ...WEEK },
    });
    expect(record).toEqual({
      // the last run of W-1 before it was closed is r4; it was begun by r1, 5 days before
      ...{ closed_work_items: 1, p50_time_to_close: 432_000_000, ...ALL_OF_ONE('quality_rate') },
      ...{ ...ALL_OF_ONE('rework_rate'), ...NONE_OF_TWO, run_success_rate_cases: 2, cost_per_work_item: 1.25 },
      ...{ escalations: 1, runs: 2, sessions_with_runs: 2, agent_active_time: 4_500_000, total_cost: 1.25 },
      cost_coverage: 1,
    });
    expect(metrics).toHaveLength(12);
    expect(metrics[2]).toMatchObject({ id: 'quality_rate', definition: expect.stringContaining('passed') });
    expect(models.map(({ model, runs }: any) => [model, runs])).toEqual([
      ['claude-sonnet-4-5', 1],
      ['gpt-5', 1],
    ]);
    expect(work_items).toMatchObject([{ work_item: 'W-1', runs: 2, total_cost: 1.25, quality: 'passed' }]);
    expect(escalations).toMatchObject([{ severity: 'high', escalation_category: 'access', work_item: 'W-1' }]);
    expect(notices).toContain('fewer than 20 runs (only 2 runs): rates, averages and percentiles say little');
    const nobody = await answer(client, 'agent_record', { agent: 'nobody', ...WEEK });
    expect([nobody.record.runs, nobody.work_items]).toEqual([0, []]);
    expect(nobody.notices[0]).toContain('no agent "nobody" is known here');
  });

  it('compares models, each kind of work by itself', async () => {
    const { rows, notices, metrics } = await answer(client, 'compare', WEEK);
    expect(rows.map(({ model, runs, run_success_rate_cases: cases }: any) => [model, runs, cases])).toEqual([
      ['claude-sonnet-4-5', 2, 2],
      ['gpt-5', 1, 1],
      [null, 2, 1],
    ]);
    expect(notices).toContain(
      'Run success rate: not told apart are claude-sonnet-4-5 and gpt-5; claude-sonnet-4-5 and (none); gpt-5 and (none); ' +
        'the difference may be chance',
    );
    expect(metrics.map(({ id }: any) => id)).toContain('quality_rate');
    const same = await answer(client, 'compare', { by: 'agent', same: 'task_type', filters: { repo: 'web' }, ...WEEK });
    // closed work items are not filtered by repository
    expect(same.rows.map(({ task_type, agent, quality_rate }: any) => [task_type, agent, quality_rate])).toEqual([
      ['feature', 'builder', undefined],
      [null, 'reviewer', undefined],
    ]);
  });

  it('contrasts with and without', async () => {
    const asked = { with: { role: 'reviewer' }, of: 'work_items', ...WEEK };
    const { rows, metrics, notices } = await answer(client, 'compare', asked);
    expect(rows[0]).toMatchObject({
      group: 'with',
      work_items: 1,
      avg_cost: 1.75,
      avg_cost_low: null,
      avg_cost_cases: 1,
    });
    expect(metrics[0]).toEqual({
      id: 'last_run_success_rate',
      definition: 'Share whose last run that ended in the window succeeded.',
      unit: 'ratio',
    });
    expect(notices[0]).toMatch(/^this compares what people chose, not what caused it/);
    const wrong = await call(client, 'compare', { with: { phase: 'edit' } });
    expect([wrong.isError, wrong.text]).toEqual([true, expect.stringMatching(/^unknown dimension in by "phase"/)]);
    const untaken = await call(client, 'compare', { filters: { local_handoff: 'true' } });
    expect(untaken.text).toMatch(/^metric run_success_rate does not take the filter local_handoff/);
  });
});

it('shows nothing of another organization', async () => {
  const stranger = await overHttp(world, await world.organization('stranger'));
  expect(await answer(stranger, 'session', { session: 's1', ...WEEK })).toMatchObject({ session: null, runs: [] });
  expect((await answer(stranger, 'query', { metrics: ['runs'], ...WEEK })).rows).toEqual([{ runs: 0 }]);
});
