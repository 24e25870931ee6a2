import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, startWorld, type World } from './world.js';

let events = 0;
const event = (type: string, data: object) => ({ specversion: '1.0', source: 't', id: `e${events++}`, type, data });

/** Runs of a session each, by their ids. */
const STARTS = {
  // Vienna puts its clock forward on Sunday, 2025-03-30, at 01:00 UTC: from 02:00 to 03:00
  before: '2025-03-30T00:59:59.999Z',
  after: '2025-03-30T01:00:00Z',
  // and back on Sunday, 2025-10-26, at 01:00 UTC: 02:30 is there twice
  first: '2025-10-26T00:30:00Z',
  second: '2025-10-26T01:30:00Z',
  // a Monday: 00:00 in Kathmandu is 18:15 of the Sunday in UTC, in Kolkata 23:45
  monday: '2025-06-08T18:15:00Z',
  late: '2025-06-09T22:00:00Z',
};
const EVENTS = [
  // the log began before all windows, so that they can be compared
  { ...event('user.upserted', { userId: 'ann' }), time: '2024-12-01T00:00:00Z' },
  ...Object.entries(STARTS).flatMap(([runId, startedAt]) => [
    event('run.started', { runId, sessionId: `s-${runId}`, userId: 'ann', startedAt }),
    event('run.completed', { runId, completedAt: startedAt, status: runId === 'after' ? 'FAILED' : 'SUCCEEDED' }),
  ]),
  event('llm_call.recorded', {
    ...{ callId: 'c', sessionId: 's-late', runId: 'late', at: STARTS.late, model: 'opus', costUsd: '0.5' },
    usage: { inputTokens: 7, outputTokens: 1 },
  }),
];

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const SPRING = { from: day('2025-03-29'), to: day('2025-04-01'), timezone: 'Europe/Vienna' };
const AUTUMN = { from: day('2025-10-25'), to: day('2025-10-28'), timezone: 'Europe/Vienna' };
const JUNE = { from: day('2025-06-08'), to: day('2025-06-11') };
const YEAR = { from: day('2025-01-01'), to: day('2026-01-01'), timezone: 'Europe/Vienna' };

let world: World;
beforeAll(async () => {
  world = await startWorld(EVENTS);
});
afterAll(() => world.stop());

const table = async (metrics: string[], groupBy: string[], window: object, more: object = {}) => {
  const ordered = { orderBy: groupBy[0], direction: 'asc', ...more };
  const result = await world.ask({ view: 'table', metrics, groupBy, ...ordered, ...window });
  expect(result.error).toBeUndefined();
  return rowsOf(result).map((row) => Object.values(row));
};

describe('runs by the local clock', () => {
  it('go by the clock as it was changed', async () => {
    expect(await table(['runs', 'run_failure_rate'], ['hour_of_day'], SPRING)).toEqual([
      [1, 1, 0],
      [3, 1, 1],
    ]);
    // both half past two are in the hour that is there twice
    expect(await table(['runs'], ['hour_of_day'], AUTUMN)).toEqual([[2, 2]]);
    expect(await table(['runs'], ['hour_of_day'], { ...AUTUMN, timezone: 'UTC' })).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it('go by zones of half and quarter hours, which another day may have begun in', async () => {
    const by = (timezone: string) => table(['runs'], ['day_of_week', 'hour_of_day'], { ...JUNE, timezone });
    expect(await by('Asia/Kathmandu')).toEqual([
      [1, 0, 1],
      [2, 3, 1],
    ]);
    expect(await by('Asia/Kolkata')).toEqual([
      [2, 3, 1],
      [7, 23, 1],
    ]);
    expect(await by('UTC')).toEqual([
      [1, 22, 1],
      [7, 18, 1],
    ]);
  });

  it('are in the order of the clock, in numbers', async () => {
    // Vienna: 1, 3, 2, 2, 20 (18:15 UTC in summer), and 0 of the next day
    expect(await table(['runs'], ['hour_of_day'], YEAR)).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
      [3, 1],
      [20, 1],
    ]);
    const byRuns = await table(['runs'], ['hour_of_day'], YEAR, { orderBy: 'runs', direction: 'desc' });
    expect(byRuns.map(([hour]) => hour)).toEqual([2, 0, 1, 3, 20]);
    const { frames } = await world.ask({ view: 'total', metrics: ['runs'], groupBy: ['day_of_week'], ...YEAR });
    expect(frames[0]!.schema.fields.map(({ labels }) => labels)).toEqual([{ day_of_week: '7' }, { day_of_week: '2' }]);
  });

  it('are compared with the same hour before', async () => {
    const rows = await table(
      ['runs'],
      ['hour_of_day'],
      { ...SPRING, from: SPRING.to, to: day('2025-04-04') },
      {
        compare: 'previous',
        orderBy: 'hour_of_day',
      },
    );
    expect(rows).toEqual([
      [1, 0, 1, -1],
      [3, 0, 1, -1],
    ]);
  });

  it('tell cost by hour and by model of calls', async () => {
    expect(
      await table(['total_cost', 'total_tokens'], ['hour_of_day', 'call_model'], { ...JUNE, timezone: 'UTC' }),
    ).toEqual([[22, 'opus', 0.5, 8]]);
  });

  it.each([
    ['a number per day', { metrics: ['runs_per_day'] }, 'runs_per_day does not take the grouping hour_of_day'],
    ['a trailing number', { metrics: ['active_users_7d'] }, 'active_users_7d does not take the grouping hour_of_day'],
    ['sessions', { metrics: ['active_sessions'] }, 'active_sessions does not take the grouping hour_of_day'],
    ['a filter', { metrics: ['runs'], filters: { hour_of_day: ['9'] } }, 'runs does not take the filter hour_of_day'],
  ])('is refused for %s', async (_what, query, says) => {
    const { error } = await world.ask({ view: 'table', groupBy: ['hour_of_day'], ...query, ...JUNE });
    expect(error).toContain(says);
  });
});

it('the values of both are known without a run', async () => {
  const values = async (name: string) => {
    const { body } = await world.request(`/v1/dimensions/${name}/values`);
    return body.values.map(({ value }: { value: string }) => value);
  };
  expect(await values('day_of_week')).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  expect((await values('hour_of_day')).length).toBe(24);
});
