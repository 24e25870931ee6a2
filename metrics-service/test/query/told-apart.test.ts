import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { manyRuns } from '../support/run-events.js';
import { rowsOf, startWorld, WINDOW, type World } from './world.js';

/**
 * Shares with their intervals, and which groups they tell apart. The intervals are those of statsmodels 0.14
 * (proportion_confint, method wilson; confint_proportions_2indep, method newcomb).
 */
const AGENTS = { alpha: [56, 70], beta: [48, 80], gamma: [9, 10] } as const;
const INTERVALS = {
  alpha: [0.6918335550374695, 0.8769526075163705],
  beta: [0.4904546500516038, 0.7003817240412906],
  gamma: [0.5958499732047614, 0.982123786904927],
} as const;

let world: World;
beforeAll(async () => {
  const at = '2026-03-03T08:00:00Z';
  const told = { at, session: 's1' };
  const succeeded = Object.entries(AGENTS).flatMap(([agent, [count]]) =>
    manyRuns(count, { ...told, id: `${agent}-good`, agent }),
  );
  const failed = (agent: string, count: number, category: string) =>
    manyRuns(count, { ...told, id: `${agent}-${category}`, agent, category, status: 'FAILED' });
  const runs = [
    ...succeeded,
    ...failed('alpha', 7, 'tool_error'),
    ...failed('alpha', 7, 'rate_limited'),
    ...failed('beta', 32, 'tool_error'),
    ...failed('gamma', 1, 'tool_error'),
  ];
  const idle = manyRuns(1, { id: 'idle', at, agent: 'idle', status: 'IN_FLIGHT' });
  world = await startWorld([...runs, ...idle]);
});
afterAll(() => world.stop());

const BY_AGENT = { view: 'table', metrics: ['run_success_rate'], groupBy: ['agent'], intervals: 'wilson95' };

async function textsOf(query: object): Promise<string[]> {
  const { frames } = await world.ask({ ...BY_AGENT, ...query });
  return (frames[0]!.schema.meta.notices ?? []).map(({ text }: { text: string }) => text);
}

const aboutChance = (texts: string[]): string[] => texts.filter((text) => text.includes('chance'));

describe('a table with intervals', () => {
  it('has both ends beside each share, null without cases, and nothing beside what is no share', async () => {
    const { frames } = await world.ask({ ...BY_AGENT, metrics: ['run_success_rate', 'runs'] });
    const { fields } = frames[0]!.schema;
    expect(fields.map(({ name }: { name: string }) => name)).toEqual([
      ...['agent', 'run_success_rate', 'run_success_rate_low', 'run_success_rate_high', 'runs'],
    ]);
    expect(fields[2]).toMatchObject({
      type: 'number',
      typeInfo: { frame: 'float64', nullable: true },
      config: { displayNameFromDS: 'Run success rate (low)', unit: 'percentunit' },
    });
    const rows = rowsOf({ frames } as never);
    expect(rows.map(({ agent }) => agent)).toEqual(['gamma', 'alpha', 'beta', 'idle']);
    for (const { agent, run_success_rate_low: low, run_success_rate_high: high } of rows.slice(0, 3)) {
      const [below, above] = INTERVALS[agent as keyof typeof INTERVALS];
      expect(low).toBeCloseTo(below, 14);
      expect(high).toBeCloseTo(above, 14);
    }
    expect(frames[0]!.schema.meta.custom!.cases).toEqual({ run_success_rate: [10, 70, 80, 0] });
    expect(rows[3]).toMatchObject({ run_success_rate: null, run_success_rate_low: null, run_success_rate_high: null });
  });

  it('can be sorted by an end, so that few cases do not come first', async () => {
    const by = async (orderBy: string, direction: string) =>
      rowsOf(await world.ask({ ...BY_AGENT, orderBy, direction })).map(({ agent }) => agent);
    expect(await by('run_success_rate_low', 'desc')).toEqual(['alpha', 'gamma', 'beta', 'idle']);
    expect(await by('run_success_rate_high', 'asc')).toEqual(['beta', 'alpha', 'gamma', 'idle']);
    const without = await world.ask({ ...BY_AGENT, intervals: undefined, orderBy: 'run_success_rate_low' });
    expect(without.error).toMatch(/^unknown orderBy "run_success_rate_low"/);
  });

  it('says which groups are not told apart', async () => {
    // gamma − beta −0.0203 to 0.4369, gamma − alpha −0.2137 to 0.2358, alpha − beta 0.0524 to 0.3339
    expect(aboutChance(await textsOf({}))).toEqual([
      'Run success rate: not told apart are gamma and alpha; gamma and beta; the difference may be chance',
    ]);
    expect(aboutChance(await textsOf({ filters: { agent: ['alpha', 'beta'] } }))).toEqual([]);
    expect(aboutChance(await textsOf({ groupBy: [] }))).toEqual([]);
    expect(aboutChance(await textsOf({ intervals: undefined }))).toEqual([]);
  });

  it('compares within the first of two groupings: the same kind of work', async () => {
    // within each agent all of those that succeeded, and none of those that failed
    expect(aboutChance(await textsOf({ groupBy: ['agent', 'status'] }))).toEqual([]);
    // within each status all agents alike
    expect(aboutChance(await textsOf({ groupBy: ['status', 'agent'] }))).toEqual([
      'Run success rate: no two groups are told apart; the difference may be chance',
    ]);
  });

  it('compares no shares of one whole, which depend on each other', async () => {
    const ofAlpha = { metrics: ['failure_share'], groupBy: ['failure_category'], filters: { agent: ['alpha'] } };
    // 7 and 7 of 14
    expect(aboutChance(await textsOf(ofAlpha))).toEqual([]);
    // 32 of 32, 1 of 1 and 7 of 14: alpha − gamma −0.8269 to 0.3238, beta − alpha 0.2447 to 0.7321
    expect(aboutChance(await textsOf({ metrics: ['failure_share'], groupBy: ['failure_category', 'agent'] }))).toEqual([
      'Failure share: not told apart are Tool error / beta and Tool error / gamma; ' +
        'Tool error / gamma and Tool error / alpha; the difference may be chance',
    ]);
  });

  it('names those that have one where it is asked of others', async () => {
    const errorOf = async (query: object) => (await world.ask({ ...BY_AGENT, ...query })).error;
    expect(await errorOf({ metrics: ['total_cost', 'avg_run_duration'] })).toBe(
      'intervals: total_cost, avg_run_duration have none; those that have one are failure_share, run_cancel_rate, ' +
        'run_failure_rate, run_success_rate, run_timeout_rate, tool_failure_rate, tool_rejection_rate, quality_rate, rework_rate, ' +
        'local_handoff_rate, post_handoff_iteration_rate, post_handoff_iteration_share',
    );
    expect(await errorOf({ intervals: 'wald' })).toBe('intervals: must be "wilson95"');
  });

  it('is in the file as well', async () => {
    const given = new URLSearchParams({
      ...{ from: String(WINDOW.from), to: String(WINDOW.to), metrics: 'run_success_rate', groupBy: 'agent' },
      intervals: 'wilson95',
    });
    const { body } = await world.request(`/v1/export/table.csv?${given.toString()}`);
    const [head, first] = (body as string).split('\r\n');
    expect(head).toBe('Agent,Run success rate,Run success rate (low),Run success rate (high)');
    expect(first).toMatch(/^gamma,0\.9,0\.59584997320476\d*,0\.98212378690492\d*$/);
  });
});
