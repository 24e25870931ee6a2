import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createToken } from '../../src/access/tokens.js';
import { rowsOf, startWorld, WINDOW, type World } from './world.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const iso = (ms: number): string => new Date(ms).toISOString();

let runs = 0;
function event(type: string, data: Record<string, unknown>): Record<string, unknown> {
  return { specversion: '1.0', source: 'groups', id: `${type} ${JSON.stringify(data)}`, type, data };
}

/** As many runs of a user, an hour apart, from a moment on; without a status they are in flight. */
function runsOf(userId: string, count: number, from: number, status?: string): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => {
    const runId = `r${runs++}`;
    const startedAt = from + index * HOUR_MS;
    const completedAt = iso(startedAt + 60_000);
    return [
      event('run.started', { runId, sessionId: `s-${userId}`, userId, startedAt: iso(startedAt) }),
      ...(status ? [event('run.completed', { runId, completedAt, status })] : []),
    ];
  }).flat();
}

function user(userId: string, team: string, kind = 'person'): Record<string, unknown> {
  return { ...event('user.upserted', { userId, team, kind }), time: iso(WINDOW.from) };
}

/** Team `bad` fails always, `good` never, `late` is in flight, `past` ran in the week before, `older` in the one before that. */
const EVENTS = [
  ...['bad', 'good', 'late', 'past', 'older'].map((team) => user(`u-${team}`, team)),
  user('u-ci', 'machines', 'service'),
  ...runsOf('u-bad', 20, WINDOW.from, 'FAILED'),
  ...runsOf('u-good', 20, WINDOW.from, 'SUCCEEDED'),
  ...runsOf('u-late', 1, WINDOW.from),
  ...runsOf('u-ci', 1, WINDOW.from, 'CANCELED'),
  ...runsOf('u-past', 1, WINDOW.from - DAY_MS, 'TIMEOUT'),
  ...runsOf('u-older', 1, WINDOW.from - 8 * DAY_MS, 'FAILED'),
];

let world: World;
beforeAll(async () => {
  world = await startWorld(EVENTS);
});
afterAll(() => world.stop());

const BY_TEAM = { metrics: ['run_success_rate'], groupBy: ['team'] };

describe('a group with rows is there', () => {
  it('in a table, also where its rate is exactly 0 or unknown', async () => {
    expect(rowsOf(await world.ask({ view: 'table', ...BY_TEAM }))).toEqual([
      { team: 'good', run_success_rate: 1 },
      { team: 'bad', run_success_rate: 0 },
      { team: 'machines', run_success_rate: 0 },
      { team: 'late', run_success_rate: null },
    ]);
  });

  it('in a total', async () => {
    const { schema, data } = (await world.ask({ view: 'total', ...BY_TEAM })).frames[0]!;
    const values = schema.fields.map(({ labels }, at) => [labels.team, data.values[at]![0]]);
    expect(values).toEqual([
      ['good', 1],
      ['bad', 0],
      ['machines', 0],
      ['late', null],
    ]);
  });

  it('as a line, over the days on which it has none', async () => {
    const { frames } = await world.ask({ view: 'series', ...BY_TEAM, interval: 'day' });
    const lines = frames.map(({ schema, data }) => [schema.fields[1].labels.team, data.values[1]]);
    const onFirstDayOnly = (rate: number | null): (number | null)[] => [rate, null, null, null, null, null, null];
    expect(lines).toEqual([
      ['good', onFirstDayOnly(1)],
      ['bad', onFirstDayOnly(0)],
      ['machines', onFirstDayOnly(0)],
      ['late', onFirstDayOnly(null)],
    ]);
  });

  it('in a comparison, where only one of the windows has rows, and not where neither has', async () => {
    const rows = rowsOf(await world.ask({ view: 'table', ...BY_TEAM, compare: 'previous', orderBy: 'team' }));
    const values = rows.map((row) => [row.team, row.run_success_rate_previous, row.run_success_rate]);
    expect(values).toEqual([
      ['past', 0, null],
      ['machines', null, 0],
      ['late', null, null],
      ['good', null, 1],
      ['bad', null, 0],
    ]);
  });

  it('where its users of the last days are services only', async () => {
    const to = WINDOW.from + DAY_MS;
    const query = { view: 'table', metrics: ['active_users_7d'], groupBy: ['team'], orderBy: 'team', direction: 'asc' };
    expect(rowsOf(await world.ask(query, { to }))).toEqual([
      { team: 'bad', active_users_7d: 1 },
      { team: 'good', active_users_7d: 1 },
      { team: 'late', active_users_7d: 1 },
      { team: 'machines', active_users_7d: 0 },
      { team: 'past', active_users_7d: 1 },
    ]);
  });
});

describe('an alert rule', () => {
  const asRule = async (query: object) => {
    const token = await createToken(world.database, 'acme', { name: 'grafana', scopes: ['read', 'delegate'] });
    const headers = { 'X-Runboard-Viewer-Kind': 'alert', 'X-Runboard-Viewer-Login': 'grafana_scheduler' };
    const body = { ...WINDOW, queries: [query] };
    const answer = await world.request('/v1/query', { body, headers, token: token.token });
    const { schema, data } = answer.body.results.A.frames[0];
    const values = schema.fields.map((field: { name: string; labels?: { team: string } }, at: number) => [
      ...[field.labels?.team ?? field.name, ...data.values[at]],
    ]);
    const texts = (schema.meta.notices ?? []).map(({ text }: { text: string }) => text);
    return { values, leftOut: texts.filter((text: string) => text.includes('left out')) };
  };
  const text = '1 unknown value is left out, which an alert rule would take for "No data"';

  it('gets no group of which nothing is known, and is told', async () => {
    expect(await asRule({ view: 'total', ...BY_TEAM })).toEqual({
      values: [
        ['good', 1],
        ['bad', 0],
        ['machines', 0],
      ],
      leftOut: [text],
    });
    const compared = await asRule({
      view: 'total',
      ...BY_TEAM,
      compare: 'previous',
      filters: { team: ['past', 'late'] },
    });
    expect(compared).toEqual({
      values: [
        ['time', WINDOW.from - 7 * DAY_MS, WINDOW.from],
        ['past', 0, null],
      ],
      leftOut: [text],
    });
  });

  it('gets an unknown number without groups: that nothing is known is news', async () => {
    const total = { view: 'total', metrics: ['run_success_rate'], filters: { team: ['late'] } };
    expect(await asRule(total)).toEqual({ values: [['run_success_rate', null]], leftOut: [] });
  });

  it('gets every row of a table', async () => {
    const { values } = await asRule({ view: 'table', ...BY_TEAM });
    expect(values).toEqual([
      ['team', 'good', 'bad', 'machines', 'late'],
      ['run_success_rate', 1, 0, 0, null],
    ]);
  });
});

it('what a question is only ordered by adds no groups', async () => {
  const query = { view: 'table', groupBy: ['team'], orderBy: 'active_users_30d', direction: 'asc' };
  const teams = async (metric: string) =>
    rowsOf(await world.ask({ ...query, metrics: [metric] })).map(({ team }) => team);
  expect(await teams('runs')).toEqual(['machines', 'bad', 'good', 'late']);
  expect(await teams('active_users_30d')).toEqual(['machines', 'bad', 'good', 'late', 'older', 'past']);
});
