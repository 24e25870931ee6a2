import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, startWorld, type World } from './world.js';

/** A run of one minute that began then. */
function run(startedAt: string, costUsd: number | null, taskType = 'feature'): object[] {
  const data = { runId: `${startedAt} ${taskType}`, sessionId: 's1', userId: 'ann', startedAt, taskType };
  const completedAt = new Date(Date.parse(startedAt) + 60_000).toISOString();
  const event = (type: string, more: object) => ({
    ...{ specversion: '1.0', source: 'usual', id: `${type} ${data.runId}`, type },
    data: { ...data, ...more },
  });
  return [
    event('run.started', {}),
    event('run.completed', { completedAt, status: 'SUCCEEDED', ...(costUsd === null ? {} : { costUsd }) }),
  ];
}

const at = (time: string): number => Date.parse(time);
let world: World;
beforeAll(async () => {
  world = await startWorld(
    [
      // Tuesdays at noon UTC: 13:00 in Vienna, from 29 March 2026 on 14:00
      ...run('2026-03-10T12:00:00Z', 1),
      ...run('2026-03-17T12:00:00Z', 2),
      ...run('2026-03-24T12:00:00Z', 4),
      ...run('2026-03-31T12:00:00Z', 8),
      ...run('2026-04-07T12:00:00Z', 16),
      // free, and of unknown cost
      ...run('2026-03-17T13:00:00Z', 0, 'free'),
      ...run('2026-03-24T13:00:00Z', 0, 'free'),
      ...run('2026-03-31T13:00:00Z', 0, 'free'),
      ...run('2026-04-07T13:00:00Z', 3, 'free'),
      ...run('2026-03-17T14:00:00Z', null, 'unknown'),
      ...run('2026-03-24T14:00:00Z', null, 'unknown'),
      ...run('2026-03-31T14:00:00Z', null, 'unknown'),
      ...run('2026-04-07T14:00:00Z', 3, 'unknown'),
    ],
    at('2026-12-01T00:00:00Z'),
  );
});
afterAll(() => world.stop());

const ask = async (query: object, from: string, to: string, timezone = 'UTC') =>
  world.ask(
    { refId: 'A', view: 'total', metrics: ['cost_to_usual'], ...query },
    { from: at(from), to: at(to), timezone },
  );
const feature = { filters: { task_type: ['feature'] } };
const usual = async (...asked: Parameters<typeof ask>) => rowsOf(await ask(...asked))[0]!.cost_to_usual;

describe('cost_to_usual', () => {
  it('is the cost of the window to the median of the four weeks before', async () => {
    // of 1, 2, 4 and 8 the mean of the middle two is 3
    expect(await usual(feature, '2026-04-07T12:00:00Z', '2026-04-07T13:00:00Z')).toBeCloseTo(16 / 3, 12);
  });

  it('needs three earlier windows that begin with the first event or later and hold a run', async () => {
    // the first event is of 10 March, 12:00: that day begins before it, and of 2, 4 and 8 the median is 4
    expect(await usual(feature, '2026-04-07T00:00:00Z', '2026-04-08T00:00:00Z')).toBe(4);
    const day = ['2026-03-31T00:00:00Z', '2026-04-01T00:00:00Z'] as const;
    expect(await usual(feature, ...day)).toBeNull();
    expect(await usual(feature, '2026-03-31T12:00:00Z', '2026-03-31T13:00:00Z')).toBe(4);
    expect(await usual(feature, '2026-04-07T12:00:01Z', '2026-04-07T13:00:00Z')).toBeNull();
  });

  it('takes the same hours by the clock of the zone', async () => {
    // 14:00 in Vienna on 7 April: an hour later by the sun than on the 10th, 17th and 24th of March
    const hour = ['2026-04-07T12:00:00Z', '2026-04-07T13:00:00Z', 'Europe/Vienna'] as const;
    expect(await usual(feature, ...hour)).toBeNull();
    expect(await usual(feature, '2026-04-07T11:00:00Z', '2026-04-07T13:00:00Z', 'Europe/Vienna')).toBeCloseTo(
      16 / 3,
      12,
    );
  });

  it('counts 0 as 0 and an unknown cost as absent, and is null to a median of 0', async () => {
    const query = { view: 'table', groupBy: ['task_type'], metrics: ['total_cost', 'cost_to_usual'] };
    const rows = rowsOf(await ask(query, '2026-04-07T00:00:00Z', '2026-04-08T00:00:00Z'));
    expect(rows).toEqual([
      { task_type: 'feature', total_cost: 16, cost_to_usual: 4 },
      { task_type: 'free', total_cost: 3, cost_to_usual: null },
      { task_type: 'unknown', total_cost: 3, cost_to_usual: null },
    ]);
  });

  it('is computed point by point in a series', async () => {
    const query = { ...feature, view: 'series', interval: 'day' };
    const { frames } = await ask(query, '2026-03-30T00:00:00Z', '2026-04-10T00:00:00Z');
    const values = frames[0]!.data.values[1]!;
    expect(values).toHaveLength(11);
    // nothing on the other days, neither then nor in the weeks before
    expect(values.map((value, day) => (value === null ? null : [day, value]))).toEqual(
      Array.from({ length: 11 }, (_, day) => (day === 8 ? [8, 4] : null)),
    );
  });

  it('refuses more than 7 days, but a week by the clock is one', async () => {
    const long = await ask(feature, '2026-04-01T00:00:00Z', '2026-04-08T00:00:01Z');
    expect(long).toMatchObject({ status: 400, error: expect.stringContaining('at most 7 days') });
    // the clock goes back on 25 October: that week has 169 hours
    const week = ['2026-10-18T22:00:00Z', '2026-10-25T23:00:00Z'] as const;
    expect(await ask(feature, ...week, 'Europe/Vienna')).toMatchObject({ status: 200 });
    expect(await ask(feature, ...week)).toMatchObject({ status: 400 });
    expect(
      await ask({ view: 'series', interval: 'month' }, '2026-03-01T00:00:00Z', '2026-04-08T00:00:00Z'),
    ).toMatchObject({
      status: 400,
    });
  });
});
