import { expect, it } from '@jest/globals';
import { chaos } from './chaos.js';

/** `npm run chaos` is the long run. */
const KILLS = 5;

it('loses nothing that it acknowledged and counts nothing twice, killed at random moments', async () => {
  const report = await chaos({ kills: KILLS, senders: 3, seed: 1 });
  expect(report.differences).toEqual([]);
  expect(Object.values(report.kills).reduce((sum, count) => sum + count, 0)).toBe(KILLS);
  // it was under way all the time, and was told of the kills
  expect(report.acknowledged).toBeGreaterThan(100);
  expect(report.duplicates).toBeGreaterThan(0);
  expect(report.rejected).toBeGreaterThan(0);
  // what is kept was compared with the rows after kills
  expect(report.fromSums).toBeGreaterThan(0);
  expect(report.traffic.answers.none).toBeGreaterThan(0);
}, 300_000);
