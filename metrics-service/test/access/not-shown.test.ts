import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rowsOf, type World } from '../query/world.js';
import { startWorld, viewed, type Viewed } from './world-of-viewers.js';

const PUBLIC = { kind: 'public', login: 'service', role: 'Admin' };
const at = (day: number, hour: number): string => `2026-03-0${day}T${String(hour).padStart(2, '0')}:00:00Z`;
const DAY = { from: Date.parse(at(3, 0)), to: Date.parse(at(4, 0)) };

/** Who they are, and what each of them did on Tuesday: a run of so many hours, for a dollar. */
const TEAMS = [
  { team: 'big', repo: 'one', people: 6, hours: 1, status: 'SUCCEEDED' },
  { team: 'mid', repo: 'two', people: 5, hours: 1, status: 'SUCCEEDED' },
  { team: 'few', repo: 'three', people: 3, hours: 4, status: 'FAILED' },
  { team: 'two', repo: 'two', people: 2, hours: 2, status: 'SUCCEEDED' },
];

/** On Monday only the six of big ran, and one of few, whose run was canceled. */
const EVENTS = TEAMS.flatMap(({ team, repo, people, hours, status }) =>
  Array.from({ length: people }, (_, index) => `${team}-${index}`).flatMap((userId, index) => {
    const event = (type: string, id: string, data: object, time?: string) => ({
      ...{ specversion: '1.0', source: 's', id: `${type} ${id}`, type, data },
      ...(time ? { time } : {}),
    });
    const sessionId = `s-${userId}`;
    const run = (runId: string, day: number, ended: string) => [
      event('run.started', runId, { runId, sessionId, userId, startedAt: at(day, 1) }),
      event('run.completed', runId, { runId, status: ended, completedAt: at(day, 1 + hours), costUsd: 1 }),
    ];
    return [
      event('user.upserted', userId, { userId, team }, at(1, 0)),
      event('session.created', userId, { sessionId, createdByUserId: userId, createdAt: at(2, 0), repo }),
      ...(team === 'big' ? run(`${userId}-1`, 2, 'SUCCEEDED') : []),
      ...(team === 'few' && index === 0 ? run(`${userId}-1`, 2, 'CANCELED') : []),
      ...run(`${userId}-2`, 3, status),
    ];
  }),
);

let world: World;
let organization: Viewed;
beforeAll(async () => {
  world = await startWorld([]);
  organization = await viewed(world, 'not-shown', { publicVisibility: 'totals' }, EVENTS);
});
afterAll(() => world.stop());

const ask = (query: object) => organization.ask(PUBLIC, query);
const rows = (query: object) => organization.rows(PUBLIC, query);

it('tells groups over too few people as one, so that the parts add up to the whole', async () => {
  const metrics = ['runs', 'total_cost', 'active_users', 'run_success_rate', 'p50_run_duration', 'active_sessions'];
  // few and two are five: 3 failed runs of 4 hours, 2 that succeeded of 2
  expect(await rows({ view: 'table', metrics, groupBy: ['team'], ...DAY })).toEqual([
    { team: 'big', runs: 6, total_cost: 6, active_users: 6, run_success_rate: 1, p50_run_duration: 3_600_000, active_sessions: 6 },
    { team: 'mid', runs: 5, total_cost: 5, active_users: 5, run_success_rate: 1, p50_run_duration: 3_600_000, active_sessions: 5 },
    { team: '(not shown)', runs: 5, total_cost: 5, active_users: 5, run_success_rate: 0.4, p50_run_duration: 4 * 3_600_000, active_sessions: 5 },
  ]); // prettier-ignore
  expect(await rows({ view: 'total', metrics: ['runs', 'total_cost'], ...DAY })).toEqual([
    { runs: 16, total_cost: 16 },
  ]);
  const parts = await ask({ view: 'total', metrics: ['runs'], groupBy: ['team'], ...DAY });
  const labelled = parts.frames[0]!.schema.fields.map(({ labels }, index) => [
    labels!.team,
    parts.frames[0]!.data.values[index]![0],
  ]);
  expect(labelled).toEqual([['big', 6], ['mid', 5], ['(not shown)', 5]]); // prettier-ignore
});

it('counts the smallest shown group among them while they are too few by themselves', async () => {
  // three are three: the six of one, the smallest, are counted with them, and only the seven of two are told
  expect(await rows({ view: 'table', metrics: ['runs', 'failed_runs'], groupBy: ['repo'], ...DAY })).toEqual([
    { repo: 'two', runs: 7, failed_runs: 0 },
    { repo: '(not shown)', runs: 9, failed_runs: 3 },
  ]);
  // the three who failed are all of their share
  expect(await rows({ view: 'table', metrics: ['failed_runs'], groupBy: ['status'], ...DAY })).toEqual([
    { status: '(not shown)', failed_runs: 3 },
  ]);
});

it('looks at every point of a series by itself', async () => {
  const { frames } = await ask({ view: 'series', metrics: ['runs'], groupBy: ['team'], interval: 'day' });
  const lines = frames.map(({ schema, data }) => [schema.fields[1]!.labels!.team, data.values[1]!.slice(0, 2)]);
  // on Monday the one of few can only be told with big: all 7 as one; mid did nothing
  expect(lines).toEqual([['big', [null, 6]], ['mid', [0, 5]], ['(not shown)', [7, 5]]]); // prettier-ignore
  const whole = await ask({ view: 'series', metrics: ['runs'], interval: 'day' });
  expect(whole.frames[0]!.data.values[1]!.slice(0, 2)).toEqual([7, 16]);
});

it('stands last whatever the order and the limit, and is compared with nothing', async () => {
  const query = { view: 'table', metrics: ['runs'], groupBy: ['team'], ...DAY };
  const first = { ...query, orderBy: 'runs', direction: 'asc', limit: 1 };
  expect(await rows(first)).toEqual([{ team: 'mid', runs: 5 }, { team: '(not shown)', runs: 5 }]); // prettier-ignore
  expect(await rows({ ...query, compare: 'previous', trend: 'runs', interval: 'hour' })).toEqual([
    // on Monday it was counted with the one of few
    { team: 'big', runs: 6, runs_previous: null, runs_change: null, runs_trend: expect.any(Array) },
    { team: 'mid', runs: 5, runs_previous: 0, runs_change: null, runs_trend: expect.any(Array) },
    { team: '(not shown)', runs: 5, runs_previous: 7, runs_change: null, runs_trend: [] },
  ]);
});

it('tells nothing at all where all are too few together', async () => {
  const monday = { from: Date.parse(at(2, 0)), to: Date.parse(at(3, 0)) };
  const byStatus = { view: 'table', metrics: ['total_cost'], groupBy: ['status'], filters: { team: ['few'] } };
  const answer = await ask({ ...byStatus, ...monday });
  expect(rowsOf(answer)).toEqual([]);
  expect(answer.frames[0]!.schema.meta.notices!.map(({ text }) => text)).toEqual([
    'numbers over fewer than 5 people are left out',
  ]);
});

it('is one for two dimensions, of which it has no share', async () => {
  const metrics = ['runs', 'failure_share'];
  const of = (groupBy: string[]) => rows({ view: 'table', metrics, groupBy, orderBy: 'runs', ...DAY });
  expect(await of(['team', 'failure_category'])).toEqual([
    { team: 'big', failure_category: null, runs: 6, failure_share: null },
    { team: 'mid', failure_category: null, runs: 5, failure_share: null },
    { team: '(not shown)', failure_category: '(not shown)', runs: 5, failure_share: null },
  ]);
  expect(await rows({ view: 'table', metrics, groupBy: ['failure_category'], ...DAY })).toEqual([
    // 13 without a failure, and the three: all failures are theirs
    { failure_category: '(not shown)', runs: 16, failure_share: 1 },
  ]);
});
