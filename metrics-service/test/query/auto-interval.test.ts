import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METRICS, takes } from '../../src/catalogue/index.js';
import { startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const BY_USER = METRICS.filter((metric) => takes(metric).groups.includes('user') && !metric.requires && !metric.live);
const HOUR_MS = 3_600_000;

/** The interval of an automatic series of so many metrics over so many hours, and how many lines and points it has. */
async function auto(metrics: number, hours: number, more: object) {
  const result = await world.ask({
    ...{ view: 'series', metrics: BY_USER.slice(0, metrics).map(({ id }) => id), maxDataPoints: 10_000 },
    ...{ from: WINDOW.from, to: WINDOW.from + hours * HOUR_MS, ...more },
  });
  if (result.status !== 200) return result.error;
  const { schema, data } = result.frames[0]!;
  return [schema.meta.custom?.interval, result.frames.length, data.values[0]?.length];
}

describe('the automatic interval of a series', () => {
  it('is as fine as 10,000 values for all metrics and groups allow', async () => {
    expect(await auto(20, 500, {})).toEqual(['hour', 20, 500]);
    expect(await auto(20, 501, {})).toEqual(['day', 20, 21]);
    const two = { groupBy: ['user'], limit: 2 };
    expect(await auto(10, 500, two)).toEqual(['hour', 20, 500]);
    expect(await auto(10, 501, two)).toEqual(['day', 20, 21]);
    expect(await auto(10, 501, { ...two, limit: 1 })).toEqual(['hour', 10, 501]);
  });

  it('is no reason to take what was asked for as something else', async () => {
    expect(await auto(10, 501, { groupBy: ['user'], limit: 2, interval: 'hour' })).toContain(
      '2 groups × 501 points × 10 metrics are 10020 values',
    );
  });

  it('ends at months', async () => {
    // from March 2026 to April 2076
    expect(await auto(20, 24 * 18_300, {})).toContain('1 groups × 602 points × 20 metrics');
  });
});
