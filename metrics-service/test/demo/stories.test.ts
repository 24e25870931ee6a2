import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createOrganization } from '../../src/access/organizations.js';
import { rowsOf, type ShownRow } from '../../src/presentation/rows.js';
import { DEMO_ORGANIZATION, loadDemo } from '../../src/demo/load.js';
import { demoEvents } from '../../src/demo/index.js';
import { createIngest } from '../../src/ingest/index.js';
import { loadPrices } from '../../src/pricing/index.js';
import { answerRequest } from '../../src/query/index.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const DAY_MS = 86_400_000;
/** a Wednesday */
const NOW = Date.UTC(2026, 3, 15, 14, 20);
const MONDAY = Date.UTC(2026, 3, 13);

describe('the demo organization', () => {
  let opened: TestDatabase;

  const load = (options?: Parameters<typeof loadDemo>[1]) => {
    const { database } = opened;
    const ingest = createIngest({ database, prices: loadPrices(), maxDeadLetters: 10, clock: Date.now });
    return loadDemo({ database, ingest }, options);
  };
  const ask = async (query: Record<string, unknown>, now = NOW): Promise<ShownRow[]> => {
    const body = { queries: [{ refId: 'A', from: NOW - 120 * DAY_MS, to: NOW + 1, timezone: 'UTC', ...query }] };
    const { results } = await answerRequest(opened.database, { orgId: DEMO_ORGANIZATION, viewer: null }, body, now);
    const result = results.A!;
    if (result.status !== 200) throw new Error(result.error);
    return [...rowsOf(result.frames).rows];
  };
  const total = async (query: Record<string, unknown>): Promise<Record<string, number>> =>
    (await ask({ view: 'total', ...query }))[0] as Record<string, number>;

  beforeAll(async () => {
    opened = await testDatabase();
    await createOrganization(opened.database, DEMO_ORGANIZATION);
    // the demo is relative to the moment its organization was made
    const owner = new pg.Client({ connectionString: opened.url });
    await owner.connect();
    await owner.query('update organizations set created_at = $1', [new Date(NOW)]);
    await owner.end();
  }, 60_000);
  afterAll(() => opened.drop());

  it('is loaded once, and after an interruption goes on', async () => {
    const stop = new AbortController();
    const first = await load({ signal: stop.signal, onProgress: (events) => events >= 10_000 && stop.abort() });
    expect(first).toEqual({ accepted: 10_000, complete: false });
    const second = await load();
    expect(second).toEqual({ accepted: [...demoEvents(NOW)].length - 10_000, complete: true });
    expect(await load()).toEqual({ accepted: 0, complete: true });
  }, 400_000);

  it('has its people, teams, repositories, runtimes and models', async () => {
    const { active_users: users, runs } = await total({ metrics: ['active_users', 'runs'] });
    expect(users).toBe(60);
    expect(Math.abs(runs! - 20_000)).toBeLessThan(300);
    const groups = async (dimension: string) =>
      (await ask({ view: 'table', metrics: ['runs'], groupBy: [dimension] })).length;
    expect(await Promise.all(['team', 'repo', 'runtime', 'model'].map(groups))).toEqual([8, 12, 2, 4]);
  });

  it('has budgets that stand differently, one of them with a raised limit', async () => {
    const rows = await ask({ view: 'budgets', orderBy: 'budget', direction: 'asc' });
    expect(rows.map(({ budget, state, reached_at }) => [budget, state, reached_at === null])).toEqual([
      ['everything', 'ok', true],
      ['everything-daily', 'ok', true],
      ['kraken', 'ok', false],
      ['opus', 'ok', false],
      ['yeti', 'near', false],
    ]);
    // December to March: set on 20 December, raised on 7 March
    const past = await ask({ view: 'budget_history', filters: { budget: ['everything'] }, direction: 'asc' });
    expect(past.map(({ limit }) => limit)).toEqual([2500, 2500, 2500, 5000]);
  });

  it('works by day and on weekdays', async () => {
    const days = await ask({
      view: 'series',
      metrics: ['runs'],
      interval: 'day',
      from: MONDAY - 7 * DAY_MS,
      to: MONDAY,
    });
    const runs = days.map((row) => row.runs as number);
    expect(Math.max(...runs.slice(5))).toBeLessThan(Math.min(...runs.slice(0, 5)) / 3);
    const at = (hour: number) => ({
      from: MONDAY - 4 * DAY_MS + hour * 3_600_000,
      to: MONDAY - 4 * DAY_MS + (hour + 3) * 3_600_000,
    });
    const [night, morning] = [
      await total({ metrics: ['runs'], ...at(1) }),
      await total({ metrics: ['runs'], ...at(9) }),
    ];
    expect(night.runs! * 5).toBeLessThan(morning.runs!);
  });

  it('is taken up team by team', async () => {
    const teamsIn = async (firstDay: number) => {
      const from = NOW - (120 - firstDay) * DAY_MS;
      return (await ask({ view: 'table', metrics: ['runs'], groupBy: ['team'], from, to: from + 7 * DAY_MS })).length;
    };
    const counts = [await teamsIn(1), await teamsIn(30), await teamsIn(60), await teamsIn(100)];
    expect(counts).toEqual([1, 3, 6, 8]);
  });

  it('gets cheaper with the model introduced half-way', async () => {
    const filters = { model: ['claude-haiku-4-5'] };
    const half = NOW - 61 * DAY_MS;
    expect((await total({ metrics: ['runs'], filters, to: half })).runs).toBe(0);
    const claude = { filters: { runtime: ['claude-code'] }, metrics: ['cost_per_run'] };
    const before = await total({ ...claude, from: half - 30 * DAY_MS, to: half });
    const after = await total({ ...claude, from: MONDAY - 7 * DAY_MS });
    expect(after.cost_per_run).toBeLessThan(before.cost_per_run! * 0.75);
  });

  it('has one afternoon of provider errors', async () => {
    const afternoon = { from: MONDAY - 5 * DAY_MS + 13 * 3_600_000, to: MONDAY - 5 * DAY_MS + 17 * 3_600_000 };
    const metrics = ['run_failure_rate', 'failed_runs'];
    expect((await total({ metrics, ...afternoon })).run_failure_rate).toBeGreaterThan(0.6);
    const daysBefore = { from: afternoon.from - DAY_MS, to: afternoon.to - DAY_MS };
    expect((await total({ metrics, ...daysBefore })).run_failure_rate).toBeLessThan(0.2);
    const [most] = await ask({ view: 'table', metrics: ['failed_runs'], groupBy: ['failure_category'], ...afternoon });
    expect(most!.failure_category).toBe('provider_error');
  });

  it('has a new tool that runs into its time limit every second time', async () => {
    const metrics = ['tool_calls', 'tool_failure_rate', 'p95_tool_duration'];
    const now = { from: NOW - 7 * DAY_MS, to: NOW };
    const [worst, next] = await ask({
      ...{ view: 'table', metrics, groupBy: ['tool'], orderBy: 'tool_failure_rate', ...now },
    });
    expect(worst!.tool).toBe('mcp__browser__open');
    expect(Math.abs((worst!.tool_failure_rate as number) - 0.5)).toBeLessThan(0.1);
    expect(next!.tool_failure_rate).toBeLessThan(0.2);
    const before = await total({ metrics, filters: { tool: [worst!.tool] }, to: NOW - 9 * DAY_MS });
    expect(before.tool_calls).toBe(0);
  });

  it('has a team that takes its sessions over far more often', async () => {
    const teams = await ask({ view: 'table', metrics: ['local_handoff_rate'], groupBy: ['team'] });
    const rates = teams.map((row) => row.local_handoff_rate as number);
    expect(teams[0]!.team).toBe('kraken');
    expect(rates[0]).toBeGreaterThan(4 * rates[1]!);
  });

  it('has a session that costs as much as everything else of its week', async () => {
    const week = { from: MONDAY - 14 * DAY_MS, to: MONDAY - 7 * DAY_MS };
    const { total_cost: all, max_session_cost: session } = await total({
      metrics: ['total_cost', 'max_session_cost'],
      ...week,
    });
    expect(session! / (all! - session!)).toBeCloseTo(1, 3);
    const others = await total({ metrics: ['max_session_cost'], from: MONDAY - 7 * DAY_MS });
    expect(session).toBeGreaterThan(20 * others.max_session_cost!);
  });

  it('is told of in sentences, with its stories', async () => {
    const month = { from: NOW - 30 * DAY_MS };
    const said = (await ask({ view: 'headline', ...month })).map(({ headline }) => headline as string);
    expect(said).toEqual([
      expect.stringMatching(
        /^\d,\d{3} runs \(\+\d+ %\), \$\d,\d{3}\.\d\d \(\+\d+ %\), against the same weekdays 5 weeks before\.$/,
      ),
      expect.stringMatching(
        / went into runs that did not succeed, .* of it into session demo-session-runaway from 3 to 4 Apr\.$/,
      ),
      expect.stringMatching(/^Success fell \d\.\d points to 8\d\.\d %(, in part)?: provider error on 8 Apr\.$/),
    ]);
    const found = await ask({ view: 'findings', limit: 50, ...month });
    const of = (kind: string) => found.filter((row) => row.kind === kind);
    expect(of('Retry loop')[0]).toMatchObject({ runs: 59, what: expect.stringContaining('demo-session-runaway') });
    expect(of('More failures').map(({ since }) => since)).toContain(MONDAY - 5 * DAY_MS);
  });

  it('has work items: a reviewer pays, the cheap model and one agent come back twice as often, one epic takes a third', async () => {
    const rework = async (dimension: string): Promise<Record<string, number>> => {
      const rows = await ask({ view: 'table', metrics: ['rework_rate', 'closed_work_items'], groupBy: [dimension] });
      return Object.fromEntries(rows.map((row) => [row[dimension], row.rework_rate as number]));
    };
    const byRole = await rework('role');
    expect(byRole.reviewer).toBeLessThan(byRole.builder! / 2);
    const byModel = await rework('model');
    expect(byModel['claude-haiku-4-5']).toBeGreaterThan(1.5 * byModel['claude-opus-4-6']!);
    const byAgent = await rework('agent');
    expect(byAgent['builder-b']).toBeGreaterThan(1.5 * byAgent['builder-a']!);
    const { total_cost: all } = await total({ metrics: ['total_cost'] });
    const [dearest] = await ask({ view: 'table', metrics: ['total_cost'], groupBy: ['epic'] });
    expect(dearest!.epic).toBe('NOW-1');
    expect((dearest!.total_cost as number) / all!).toBeGreaterThan(0.22);
    expect((dearest!.total_cost as number) / all!).toBeLessThan(0.4);
    expect((await total({ metrics: ['escalations'] })).escalations).toBeGreaterThan(50);
  });

  it('has a model without a price', async () => {
    const { cost_coverage: coverage, token_coverage: tokens } = await total({
      metrics: ['cost_coverage', 'token_coverage'],
      filters: { model: ['nimbus-coder-1'] },
    });
    expect({ coverage, tokens }).toEqual({ coverage: 0, tokens: 1 });
    expect((await total({ metrics: ['cost_coverage'] })).cost_coverage).toBeGreaterThan(0.9);
  });

  it('has runs in flight now, and only now', async () => {
    expect((await total({ metrics: ['in_flight_runs'] })).in_flight_runs).toBe(9);
    expect((await total({ metrics: ['in_flight_runs'], to: NOW - 1_800_000 })).in_flight_runs).toBe(0);
  });

  it('has one run that is soon stuck: whoever is to be alerted hears of it once, hours later too', async () => {
    const soon = { view: 'total', metrics: ['in_flight_runs_now', 'stuck_runs_now'] };
    for (const minutes of [20, 600]) {
      const [now] = await ask(soon, NOW + minutes * 60_000);
      expect(now).toMatchObject({ in_flight_runs_now: 9, stuck_runs_now: 1 });
    }
  });
});
