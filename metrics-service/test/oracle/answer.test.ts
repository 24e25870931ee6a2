import { describe, expect, it } from '@jest/globals';
import { answer } from './answer.js';
import { DAY_MS, event, run, world } from './example.js';
import type { Query } from './types.js';

const day = (n: number): string => `2026-01-0${n}T12:00:00Z`;
const of = world(
  event('user.upserted', { userId: 'u1', name: 'Zoe', team: 'core' }, { time: day(1) }),
  event('user.upserted', { userId: 'u2', email: 'ann@example.com' }, { time: day(1) }),
  event('session.created', { sessionId: 's1', createdAt: day(1), createdByUserId: 'u1', repo: 'web' }),
  run('r1', day(1), { userId: 'u1' }),
  run('r2', day(2), { userId: 'u1', status: 'FAILED' }),
  run('r3', day(3), { userId: 'u2', sessionId: 's2', status: 'FAILED' }),
  run('r4', day(3), { sessionId: 's3' }),
  run('r5', day(3), { sessionId: 's3' }),
  run('r6', day(3), { sessionId: 's3' }),
);
const ask = (query: Partial<Query>, from = '2026-01-01T00:00:00Z', to = '2026-01-05T00:00:00Z') =>
  answer(
    of,
    {
      window: { from: Date.parse(from), to: Date.parse(to) },
      timezone: 'UTC',
      query: { refId: 'A', view: 'table', ...query },
    },
    { postHandoffMs: DAY_MS, now: 0 },
  );
const groups = (query: Partial<Query>, from?: string, to?: string) => {
  const got = ask(query, from, to);
  if (!('groups' in got)) throw new Error(got.view);
  return got.groups.map((group) => [group.cells.map((cell) => cell.name).join(), ...[...group.values.values()].flat()]);
};

describe('answer', () => {
  it('shows users by name, else e-mail, and the missing last', () => {
    expect(groups({ metrics: ['runs'], groupBy: ['user'] })).toEqual([
      ['Zoe', 2],
      ['ann@example.com', 1],
      ['', 3],
    ]);
    expect(groups({ metrics: ['runs'], groupBy: ['user'], direction: 'asc' })[0]).toEqual(['ann@example.com', 1]);
  });

  it('shows groups with rows, also where the value is 0, and pages them', () => {
    expect(groups({ metrics: ['succeeded_runs'], groupBy: ['session'] })).toEqual([
      ['s3', 3],
      ['s1', 1],
      ['s2', 0],
    ]);
    expect(groups({ metrics: ['runs'], groupBy: ['session'], offset: 1, limit: 1 })).toEqual([['s1', 2]]);
    expect(groups({ metrics: ['handoffs'] })).toEqual([['', 0]]);
  });

  it('joins run and session metrics on the value', () => {
    expect(groups({ metrics: ['runs', 'active_sessions'], groupBy: ['user'] })).toEqual([
      ['Zoe', 2, 1],
      ['ann@example.com', 1, 0],
      ['', 3, 2],
    ]);
  });

  it('has a point for every bucket', () => {
    expect(groups({ view: 'series', metrics: ['runs', 'run_success_rate'], interval: 'day' })).toEqual([
      ['', 1, 1, 4, 0, 1, 0, 0.75, null],
    ]);
  });

  it('compares with the window before', () => {
    const got = ask({ metrics: ['runs'], groupBy: ['user'], compare: 'previous' }, day(2), day(3));
    if (!('groups' in got)) throw new Error(got.view);
    const [group] = got.groups;
    expect([group!.values.get('runs'), group!.previous.get('runs'), group!.change.get('runs')]).toEqual([[1], 1, 0]);
  });

  it('refuses over 10,000 values', () => {
    const year = ['2025-01-01T00:00:00Z', '2027-01-01T00:00:00Z'] as const;
    expect(ask({ view: 'series', metrics: ['runs'], interval: 'hour' }, ...year)).toMatchObject({ view: 'refused' });
  });

  it('lists sessions by last activity', () => {
    const got = ask({ view: 'sessions' });
    expect('rows' in got && got.rows.map((row) => [row.session, row.user, row.runs, row.run_success_rate])).toEqual([
      ['s2', null, 1, 0],
      ['s3', null, 3, 1],
      ['s1', 'Zoe', 2, 0.5],
    ]);
  });
});
