import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Feed } from '../../src/live/feed.js';
import type { LiveState } from '../../src/live/state.js';

const ACTIVITY_BYTES = 1_000;

/** Lets data come in all the time, for a while: how long it is from one time that a feed asks to the next, in ms. */
async function gapsOf({ runs, readers }: { runs: number; readers: number }, forMs: number): Promise<number[]> {
  const askedAt: number[] = [];
  const feed = new Feed('org', 'all', () => {
    askedAt.push(performance.now());
    const activity = String(askedAt.length).padStart(ACTIVITY_BYTES);
    const rows = Array.from({ length: runs }, (_, run): [string, object] => [`r${run}`, { run: `r${run}`, activity }]);
    const same = { sight: 'all', asOf: 0, numbers: {}, notices: [] };
    return Promise.resolve({ ...same, id: activity, dataVersion: 1n, runs: new Map(rows) } as unknown as LiveState);
  });
  const asker = { orgId: 'org', viewer: null };
  for (let reader = 0; reader < readers; reader += 1) {
    await feed.join({ asker, send: () => {}, lookAgain: () => {} }, null);
  }
  const joined = askedAt.length;
  for (let ms = 0; ms < forMs; ms += 10) {
    feed.wake();
    await jest.advanceTimersByTimeAsync(10);
  }
  return askedAt.slice(joined + 1).map((at, index) => at - askedAt[joined + index]!);
}

describe('how often a feed says what has changed', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is twenty times a second where that is little', async () => {
    const gaps = await gapsOf({ runs: 1, readers: 1 }, 1_000);
    expect(gaps.length).toBeGreaterThan(10);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(50);
  });

  it('is the less often the more it is and the more read it', async () => {
    // 200 rows of 1 KB to 300 readers, and to find them counts as 100 more: 80 MB, at 8 MB a second
    const gaps = await gapsOf({ runs: 200, readers: 300 }, 35_000);
    expect(gaps).toHaveLength(2);
    for (const gap of gaps) expect(gap).toBeGreaterThan(10_000);
  });
});
