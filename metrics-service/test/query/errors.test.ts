import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METRICS } from '../../src/catalogue/index.js';
import { startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const RUNS = { view: 'total', metrics: ['runs'] };

/** What is wrong with a query, and what the error says, the names that would be right included. */
const WRONG: [string, object, ...(string | RegExp)[]][] = [
  ['unknown metric', { ...RUNS, metrics: ['x'] }, 'unknown metric "x"', 'run_success_rate', 'total_cost'],
  ['no metric', { ...RUNS, metrics: [] }, 'metrics: name at least one of', 'runs'],
  ['unknown view', { ...RUNS, view: 'pie' }, 'unknown view "pie": one of total, series, table, sessions'],
  ['no view', { metrics: ['runs'] }, 'one of total, series, table, sessions'],
  ['unknown filter', { ...RUNS, filters: { colour: 'red' } }, 'unknown dimension "colour"', 'team', 'call_model'],
  [
    'unknown filter of a list',
    { view: 'live', filters: { state: 'stuck' } },
    /^unknown dimension "state": one of user, team, (?!.*\b(call_model|budget|source)\b)/,
  ],
  ['unknown group', { ...RUNS, groupBy: ['colour'] }, 'unknown dimension "colour"', 'repo'],
  ['unknown zone', { ...RUNS, timezone: 'Mars/Olympus' }, 'unknown timezone "Mars/Olympus"', 'Europe/Vienna'],
  ['an offset as zone', { ...RUNS, timezone: '+02:00' }, 'unknown timezone "+02:00"', 'IANA'],
  ['a zone of the browser', { ...RUNS, timezone: 'PST' }, 'unknown timezone "PST"'],
  [
    'unknown interval',
    { ...RUNS, view: 'series', interval: 'fortnight' },
    'unknown interval "fortnight": one of auto, hour, day, week, month',
  ],
  ['unknown order', { ...RUNS, orderBy: 'beauty' }, 'unknown orderBy "beauty"', 'runs'],
  ['unknown column', { view: 'sessions', orderBy: 'beauty' }, 'unknown orderBy "beauty"', 'last_active_at', 'lifespan'],
  ['unknown direction', { ...RUNS, direction: 'up' }, 'unknown direction "up": one of asc, desc'],
  ['unknown compare', { ...RUNS, compare: 'next' }, 'unknown compare "next": one of previous'],
  ['from after to', { ...RUNS, from: WINDOW.to, to: WINDOW.from }, 'from', 'must lie before to'],
  ['an empty window', { ...RUNS, to: WINDOW.from }, 'must lie before to'],
  ['no time', { ...RUNS, from: 'yesterday' }, 'from: must be a time in whole epoch milliseconds'],
  ['half a millisecond', { ...RUNS, from: 1.5 }, 'from: must be a time in whole epoch milliseconds'],
  ['no number of points', { ...RUNS, maxDataPoints: 0 }, 'maxDataPoints: must be a whole number from 1'],
  ['limit 0', { ...RUNS, limit: 0 }, 'limit: must be a whole number from 1'],
  ['limit ten', { ...RUNS, limit: 'ten' }, 'limit: must be a whole number from 1'],
  ['offset -1', { ...RUNS, offset: -1 }, 'offset: must be a whole number from 0'],
  ['too many sessions', { view: 'sessions', limit: 10_001 }, 'limit of sessions must be at most 10,000'],
  ['three groups', { ...RUNS, groupBy: ['team', 'repo', 'model'] }, 'at most two dimensions'],
  [
    'a filter that the metric does not take',
    { ...RUNS, filters: { local_handoff: true } },
    'metric runs does not take the filter local_handoff: it takes user, team, session, repo',
  ],
  [
    'a group that the metric does not take',
    { view: 'table', metrics: ['active_sessions'], groupBy: ['model'] },
    'metric active_sessions does not take the grouping model: it takes user, team, session, repo, workspace, runtime',
  ],
  [
    'call_model on another metric',
    { ...RUNS, metrics: ['cost_per_run'], groupBy: ['call_model'] },
    'metric cost_per_run does not take the grouping call_model',
  ],
  [
    'a metric to order by that does not take the filter',
    { ...RUNS, metrics: ['active_sessions'], filters: { local_handoff: true }, orderBy: 'runs' },
    'metric runs does not take the filter local_handoff',
  ],
  ['a group of data_age', { ...RUNS, metrics: ['data_age'], groupBy: ['team'] }, 'data_age', 'it takes none'],
  ['a filter of data_age', { ...RUNS, metrics: ['data_age'], filters: { repo: 'web' } }, 'data_age', 'it takes none'],
  ['a filter of the list', { view: 'sessions', filters: { call_model: 'x' } }, 'does not take the filter call_model'],
  [
    'failure_share alone',
    { ...RUNS, metrics: ['failure_share'] },
    'metric failure_share needs groupBy ["failure_category"]',
  ],
  ['avg_phase_duration alone', { ...RUNS, metrics: ['avg_phase_duration'] }, 'needs groupBy ["phase"]'],
  [
    'a flag that is neither',
    { view: 'sessions', filters: { local_handoff: ['yes'] } },
    'filter local_handoff takes true and false, not "yes"',
  ],
  [
    'a filter that is an object',
    { ...RUNS, filters: { repo: { is: 'web' } } },
    'filters.repo: must be a value, a list',
  ],
  ['filters that are a list', { ...RUNS, filters: ['web'] }, /^filters: /],
  ['metrics that are a number', { ...RUNS, metrics: 7 }, 'metrics: must be a list of names'],
  ['filter $team', { ...RUNS, filters: { team: ['$team'] } }, 'filters.team is still "$team"', 'not resolved'],
  ['filter ${team}', { ...RUNS, filters: { team: '${team:csv}' } }, 'filters.team is still "${team:csv}"'],
  ['filter [[team]]', { ...RUNS, filters: { team: { not: ['[[team]]'] } } }, 'is still "[[team]]"'],
  ['a dimension $by', { ...RUNS, groupBy: ['$by'] }, 'groupBy is still "$by"', 'not resolved'],
  ['a filter named $by', { ...RUNS, filters: { $by: 'web' } }, 'filters is still "$by"'],
  ['limit $n', { ...RUNS, limit: '$n' }, 'limit is still "$n"'],
  ['no object', [] as object, 'a query must be an object'],
  [
    'too many points',
    { ...RUNS, view: 'series', interval: 'hour', from: 0, to: 36_000_000_001 },
    'interval hour gives over 10,000 values in this window: ask for interval day or week or month',
  ],
  [
    'more points than anything holds',
    { ...RUNS, view: 'series', interval: 'hour', from: 0, to: 250_000_000_000_000 },
    'over 10,000 values',
  ],
  [
    'points × metrics',
    { ...RUNS, view: 'series', metrics: ['runs', 'active_users'], interval: 'hour', from: 0, to: 18_003_600_000 },
    '1 groups × 5001 points × 2 metrics are 10002 values, over the 10,000',
    'a longer interval',
  ],
];

describe('a query that cannot be answered', () => {
  it.each(WRONG)('%s', async (_, query, ...says) => {
    const result = await world.ask(query);
    expect(result).toEqual({ status: 400, error: expect.any(String), errorSource: 'downstream' });
    for (const text of says) {
      if (typeof text === 'string') expect(result.error).toContain(text);
      else expect(result.error).toMatch(text);
    }
  });

  it('fails alone', async () => {
    const queries = [
      { refId: 'A', ...RUNS },
      { refId: 'B', view: 'total', metrics: ['x'] },
      { ...RUNS, refId: 'C' },
    ];
    const { status, body } = await world.request('/v1/query', { body: { ...WINDOW, queries } });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['results']);
    expect([body.results.A.status, body.results.B.status, body.results.C.status]).toEqual([200, 400, 200]);
  });

  it('names every metric there is', async () => {
    const { error } = await world.ask({ ...RUNS, metrics: ['x'] });
    for (const { id } of METRICS) expect(error).toContain(id);
  });

  it('says that from and to are missing', async () => {
    const { body } = await world.request('/v1/query', { body: { queries: [RUNS] } });
    expect(body.results.A.error).toContain('from and to are needed');
  });

  it('has a user name that several users have', async () => {
    const user = (userId: string) => ({
      specversion: '1.0',
      source: 'twins',
      id: userId,
      type: 'user.upserted',
      time: '2026-01-01T00:00:00Z',
      data: { userId, name: 'Twin' },
    });
    await world.request('/v1/events', { body: [user('t1'), user('t2')] });
    const { error } = await world.ask({ ...RUNS, filters: { user: 'Twin' } });
    expect(error).toBe('filter user: 2 users are called "Twin": use their ids (t1, t2)');
    expect((await world.ask({ ...RUNS, filters: { user: 't1' } })).status).toBe(200);
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['no JSON', '{', 'invalid_json'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'invalid_json'],
    ['nothing', '', 'invalid_json'],
    ['a list', '[]', 'invalid_request'],
    ['null', 'null', 'invalid_request'],
    ['no queries', { ...WINDOW }, 'invalid_request'],
    ['an empty list of queries', { ...WINDOW, queries: [] }, 'invalid_request'],
    ['queries that are no list', { ...WINDOW, queries: RUNS }, 'invalid_request'],
    ['a refId twice', { queries: [{ refId: 'A' }, { refId: 'A' }] }, 'invalid_request'],
  ])('%s', async (_, body, code) => {
    const answer = await world.request('/v1/query', { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status: 400, code, requestId: expect.any(String) });
  });

  it('takes POST only, with a token that may read', async () => {
    expect((await world.request('/v1/query')).status).toBe(405);
    expect((await world.request('/v1/query', { body: {}, token: 'rb_wrong' })).status).toBe(401);
    const token = await world.organization('ingest-only', {}, ['ingest']);
    expect((await world.request('/v1/query', { body: {}, token })).status).toBe(403);
    expect((await world.request('/v1/catalogue', { token })).status).toBe(403);
    expect((await world.request('/v1/dimensions/team/values', { token })).status).toBe(403);
  });
});
