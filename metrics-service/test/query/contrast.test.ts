import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headersOf } from '../access/viewers.js';
import { SAMPLES, sessionsOf } from './contrast-samples.js';
import { rowsOf, startWorld, WINDOW, type QueryResult, type World } from './world.js';

/**
 * With and without. Of the world's week by hand; of made sessions against statsmodels 0.14: `DescrStatsW.zconfint_mean`,
 * `CompareMeans.zconfint_diff` (unequal variances) at z = 1.96, `proportion_confint` and `confint_proportions_2indep`.
 */
let world: World;
beforeAll(async () => {
  world = await startWorld();
  for (const [name, given] of Object.entries(SAMPLES)) {
    const token = await world.organization(name);
    await world.accept(token, [...sessionsOf('with', given.with), ...sessionsOf('without', given.without)]);
    tokens[name] = token;
  }
});
afterAll(() => world.stop());

const tokens: Record<string, string> = {};

const REVIEWED = { view: 'contrast', by: { role: ['reviewer'] } };

async function askOf(name: string, query: object = REVIEWED): Promise<QueryResult> {
  const body = { ...WINDOW, queries: [{ refId: 'A', ...query }] };
  return (await world.request('/v1/query', { token: tokens[name]!, body })).body.results.A;
}

const textsOf = ({ frames }: QueryResult): string[] => (frames[0]!.schema.meta.notices ?? []).map(({ text }) => text);

/** A column's values of both sides and of their difference: each with the ends of its interval. */
function told(result: QueryResult, column: string): unknown[][] {
  return rowsOf(result).map((row) =>
    ['', '_low', '_high'].map((end) => {
      const value = row[`${column}${end}`];
      return typeof value === 'number' ? Number(value.toFixed(10)) : value;
    }),
  );
}

const near = (...values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 9));

describe('a contrast', () => {
  it('tells sides that differ apart', async () => {
    const result = await askOf('differs');
    expect(rowsOf(result).map(({ group, sessions, avg_cost_cases: cases }) => [group, sessions, cases])).toEqual([
      ['with', 12, 12],
      ['without', 15, 15],
      ['difference', null, null],
    ]);
    expect(told(result, 'avg_cost')).toEqual([
      near(1.15, 0.994579553624643, 1.3054204463753565),
      near(2.1666666667, 2.010490128380306, 2.322843204953027),
      near(-1.0166666667, -1.2369996561680718, -0.7963336771652619),
    ]);
    expect(told(result, 'last_run_success_rate')).toEqual([
      near(11 / 12, 0.646120088858883, 0.9851349055950829),
      near(6 / 15, 0.19824496141341577, 0.642531698793754),
      near(11 / 12 - 6 / 15, 0.15332512529919873, 0.7297229863031252),
    ]);
    // a run takes a minute: none of them deviates
    expect(told(result, 'avg_agent_time')).toEqual([
      [120_000, 120_000, 120_000],
      [60_000, 60_000, 60_000],
      [60_000, 60_000, 60_000],
    ]);
    expect(textsOf(result)).toEqual([
      'this compares what people chose, not what caused it: sessions with and without may differ in much else',
    ]);
  });

  it('says where they are alike', async () => {
    const result = await askOf('alike');
    expect(told(result, 'avg_cost')[2]).toEqual(near(-0.05, -0.29568208084531683, 0.19568208084531674));
    expect(told(result, 'last_run_success_rate')[2]).toEqual(
      near(7 / 10 - 6 / 11, -0.23330318240053105, 0.48220644234242344),
    );
    expect(textsOf(result)).toContain(
      'not told apart in success of the last run and average cost: the difference may be chance',
    );
  });

  it('has no interval of a mean of fewer than ten, and no difference from nothing', async () => {
    const result = await askOf('few');
    expect(told(result, 'avg_cost')).toEqual([
      [5, null, null],
      [null, null, null],
      [null, null, null],
    ]);
    expect(rowsOf(result)[1]).toMatchObject({ sessions: 0, avg_runs: null, avg_runs_cases: 0 });
    expect(textsOf(result).slice(1)).toEqual([
      'there are no sessions without role "reviewer": nothing can be compared',
      'averages over fewer than 10 sessions have no interval',
    ]);
    expect(
      (await askOf('few', { ...REVIEWED, by: { role: { not: ['reviewer'] } } })).frames[0]!.data.values[1],
    ).toEqual([9, 0, null]);
  });
});

/** The values of a row without the ends. */
function valuesOf(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !/_(low|high|cases)$/.test(name)));
}

describe('of the world', () => {
  const rows = async (query: object) => rowsOf(await world.ask({ view: 'contrast', ...query }));

  it('sessions with a tool and those without, also those without a run', async () => {
    const found = await rows({ by: { tool: ['Bash'] } });
    expect(found.map(valuesOf)).toEqual([
      // s1: r1 of 10 minutes, r2 of 20, 5 of which it waited
      {
        ...{ group: 'with', sessions: 1, last_run_success_rate: 0, avg_cost: 0.75, avg_tokens: 2150 },
        ...{ avg_agent_time: 1_500_000, avg_runs: 2 },
      },
      // s2: r3 of unknown cost and tokens, r4, r5 in flight; s4 has no run: it cost nothing
      {
        ...{ group: 'without', sessions: 2, last_run_success_rate: 0, avg_cost: 0, avg_tokens: 1150 },
        ...{ avg_agent_time: 1_950_000, avg_runs: 1.5 },
      },
      {
        ...{ group: 'difference', sessions: null, last_run_success_rate: 0, avg_cost: 0.75, avg_tokens: 1000 },
        ...{ avg_agent_time: -450_000, avg_runs: 0.5 },
      },
    ]);
    expect(found[1]).toMatchObject({ avg_cost_cases: 1, avg_tokens_cases: 2, last_run_success_rate_cases: 1 });
    // 0 of 1, and both
    const end = 0.7934506856227627;
    expect(found[0]!.last_run_success_rate_high).toBeCloseTo(end, 12);
    expect(found[2]).toMatchObject({
      last_run_success_rate_low: expect.closeTo(-end, 12),
      last_run_success_rate_high: expect.closeTo(end, 12),
    });
  });

  it('work items by the runs that are about them', async () => {
    const found = await rows({ of: 'work_items', by: { role: ['reviewer'] } });
    // W-1: r1, r2 and r4, the reviewer's and the last; W-2: r3 and r5
    expect(found.map(valuesOf).slice(0, 2)).toEqual([
      {
        ...{ group: 'with', work_items: 1, last_run_success_rate: 0, avg_cost: 1.75, avg_tokens: 4450 },
        ...{ avg_agent_time: 5_100_000, avg_runs: 3 },
      },
      {
        ...{ group: 'without', work_items: 1, last_run_success_rate: 0, avg_cost: null, avg_tokens: null },
        ...{ avg_agent_time: 300_000, avg_runs: 2 },
      },
    ]);
    // r4 is in another repository: of W-1 only r1 and r2 count, and no reviewer among them
    const inWeb = await rows({ of: 'work_items', by: { role: ['reviewer'] }, filters: { repo: ['web'] } });
    expect(inWeb.map(({ work_items, avg_runs }) => [work_items, avg_runs])).toEqual([
      [0, null],
      [1, 2],
      [null, null],
    ]);
  });

  it('one run must pass the filters and what tells apart', async () => {
    const by = async (filters: object) =>
      (await rows({ by: { model: ['gpt-5'] }, filters })).map(({ sessions }) => sessions);
    // of the sessions with a run by the reviewer, r2 of s1 is of that model, r4 of s2 is not
    expect(await by({ agent: ['reviewer'] })).toEqual([1, 1, null]);
    expect(await by({ agent: ['builder'] })).toEqual([0, 1, null]);
  });

  it('says what would be right', async () => {
    const errorOf = async (query: object) => (await world.ask({ view: 'contrast', ...query })).error;
    expect(await errorOf({})).toMatch(
      /^contrast needs one filter that tells apart, such as "by": .* one of user, team/,
    );
    expect(await errorOf({ by: { role: [] } })).toMatch(/^contrast needs one filter/);
    expect(await errorOf({ by: { role: ['a'], model: ['b'] } })).toMatch(/^contrast needs one filter/);
    expect(await errorOf({ by: { phase: ['a'] } })).toMatch(/^unknown dimension in by "phase": one of user, .*, tool$/);
    expect(await errorOf({ of: 'runs', by: { role: ['a'] } })).toBe('unknown of "runs": one of sessions, work_items');
    expect(await errorOf({ by: { role: ['$role'] } })).toMatch(/^by\.role is still "\$role"/);
    expect(await errorOf({ by: { role: ['a'] }, filters: { local_handoff: [true] } })).toMatch(
      /does not take the filter/,
    );
  });

  it('a board names nobody beside its choice: that is no value', async () => {
    const of = async (role: string[]) => (await world.ask({ ...REVIEWED, by: { role } })).frames[0]!;
    expect((await of(['reviewer', ''])).data).toEqual((await of(['reviewer'])).data);
    expect((await of(['reviewer', ''])).schema.meta.custom).toEqual((await of(['reviewer'])).schema.meta.custom);
    expect((await of([''])).data.values[1]).toEqual([0, 3, null]);
  });

  it('says how to begin where no run is about a work item', async () => {
    const query = { refId: 'A', ...REVIEWED, of: 'work_items' };
    const { body } = await world.request('/v1/query', { token: tokens.few!, body: { ...WINDOW, queries: [query] } });
    const [notice] = (body.results.A as QueryResult).frames[0]!.schema.meta.notices!;
    expect(notice!.text).toMatch(/^no run is about a work item yet\. Link sessions: /);
  });

  it('tells nothing of few: many only where there is no least number of people', async () => {
    const token = await world.organization('acme-seen', { publicVisibility: 'totals' }, ['ingest', 'read', 'delegate']);
    const body = { ...WINDOW, queries: [{ refId: 'A', ...REVIEWED }] };
    const asked = async (kind: 'public' | 'alert', query: object = body) =>
      (await world.request('/v1/query', { token, body: query, headers: headersOf({ kind }) })).body.results.A;
    expect(await asked('public')).toMatchObject({ status: 400, error: /no contrasts: ask for the view table/ });
    expect((await asked('alert')).status).toBe(200);
    const byUser = { ...body, queries: [{ refId: 'A', view: 'contrast', by: { user: ['u-ann'] } }] };
    expect((await asked('alert', byUser)).status).toBe(400);
  });

  it('is in the file as well', async () => {
    const given = new URLSearchParams({
      ...{ from: String(WINDOW.from), to: String(WINDOW.to), of: 'work_items' },
      by: JSON.stringify({ role: ['reviewer'] }),
    });
    const { body } = await world.request(`/v1/export/contrast.csv?${given.toString()}`);
    const [head, first, , third] = (body as string).split('\r\n');
    expect(head).toMatch(/^Group,Work items,Success of the last run,.*Average cost,Average cost \(low\),/);
    expect(first).toMatch(/^with,1,0,0,0\.7934506856227\d*,1,1\.75,,,1,4450,/);
    expect(third).toMatch(/^difference,,0,/);
  });
});
