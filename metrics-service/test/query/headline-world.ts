import { manyRuns, runEvents, userEvent } from '../support/run-events.js';

/**
 * Two weeks of Ann (core) and Bob (apps), and the first run on 1 October.
 * 26 October to 1 November: 100 runs at 10 cents, 90 succeeded, 10 failed.
 * 2 to 8 November: 200 runs. 150 succeeded at 20 cents; 10 failed (test_failure, nothing known of their cost: not so,
 * 10 cents); 40 failed with provider_error at 50 cents, 30 of them on the 4th, of which 25 in one session.
 */
export const EVENTS = [
  userEvent('ann', 'core', { name: 'Ann' }),
  userEvent('bob', 'apps'),
  userEvent('meg', 'core', { role: 'manager' }),
  ...runEvents({ id: 'first', at: '2026-10-01T00:00:00Z', user: 'ann', costUsd: 0.1 }),
  ...manyRuns(90, { id: 'before', at: '2026-10-27T08:00:00Z', user: 'ann', costUsd: 0.1 }),
  ...manyRuns(10, { id: 'broken', at: '2026-10-28T08:00:00Z', user: 'bob', ...failed('test_failure', 0.1) }),
  ...manyRuns(150, { id: 'now', at: '2026-11-03T08:00:00Z', user: 'ann', costUsd: 0.2 }),
  ...manyRuns(10, { id: 'still', at: '2026-11-03T08:00:00Z', user: 'bob', ...failed('test_failure', 0.1) }),
  ...manyRuns(25, {
    id: 'loop',
    at: '2026-11-04T08:00:00Z',
    user: 'bob',
    session: 's_1',
    ...failed('provider_error', 0.5),
  }),
  ...manyRuns(5, { id: 'out', at: '2026-11-04T18:00:00Z', user: 'ann', ...failed('provider_error', 0.5) }),
  ...manyRuns(10, { id: 'later', at: '2026-11-06T08:00:00Z', user: 'ann', ...failed('provider_error', 0.5) }),
];

function failed(category: string, costUsd: number) {
  return { status: 'FAILED', category, costUsd } as const;
}

export const at = (time: string): number => Date.parse(time);
export const WEEK = { from: at('2026-11-02T00:00:00Z'), to: at('2026-11-09T00:00:00Z'), timezone: 'UTC' };
