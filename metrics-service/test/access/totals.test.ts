import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, type World } from '../query/world.js';
import { PEOPLE, startWorld, viewed, WINDOW } from './world-of-viewers.js';

const ALERT = { kind: 'alert', login: 'grafana_scheduler', role: 'Admin' };
const PUBLIC = { kind: 'public', login: 'service', role: 'Admin', email: 'ada@example.org', auth: 'trusted' };
const LISTS = ['sessions', 'session', 'runs', 'handoffs', 'activity', 'timeline', 'annotations', 'data_quality'];

let world: World;
beforeAll(async () => {
  world = await startWorld([]);
});
afterAll(() => world.stop());

describe.each(['alert', 'service-account'])('%s', (kind) => {
  const viewer = { ...ALERT, kind };

  it('sees all numbers, of nobody and no session', async () => {
    const { ask, rows, request } = await viewed(world, `totals-${kind}`, {});
    const metrics = ['runs', 'total_cost', 'active_sessions', 'max_session_cost'];
    expect(await rows(viewer, { view: 'total', metrics })).toEqual([
      { runs: 5, total_cost: 1.75, active_sessions: 3, max_session_cost: 1 },
    ]);
    const byTeam = await rows(viewer, { view: 'table', metrics: ['runs'], groupBy: ['team'] });
    expect(byTeam).toEqual([
      { team: 'core', runs: 3 },
      { team: 'apps', runs: 2 },
    ]);
    // which tells of nobody
    const byHour = { view: 'table', metrics: ['runs'], groupBy: ['hour_of_day'], orderBy: 'hour_of_day', limit: 1 };
    expect(await rows(viewer, byHour)).toHaveLength(1);
    const negated = { view: 'total', metrics: ['runs'], filters: { team: { not: ['apps'] } } };
    expect(await rows(viewer, negated)).toEqual([{ runs: 3 }]);

    const refused = /^(alert rules|service accounts) see numbers of many only/;
    for (const dimension of ['user', 'session']) {
      const number = { view: 'total', metrics: ['runs'] };
      expect((await ask(viewer, { ...number, groupBy: [dimension] })).error).toMatch(refused);
      expect((await ask(viewer, { ...number, groupBy: ['repo', dimension] })).error).toMatch(refused);
      expect((await ask(viewer, { ...number, filters: { [dimension]: ['u-ann'] } })).error).toMatch(refused);
      expect((await ask(viewer, { ...number, filters: { [dimension]: { not: ['u-x'] } } })).error).toMatch(refused);
      expect((await ask(viewer, { ...number, filters: { [dimension]: [] } })).status).toBe(200);
      expect((await request(`/v1/dimensions/${dimension}/values`, viewer)).body).toEqual({ values: [] });
    }
    for (const view of LISTS) {
      expect((await ask(viewer, { view, filters: { repo: ['web'] } })).error).toMatch(refused);
    }
    const file = await request(`/v1/export/runs.csv?from=${WINDOW.from}&to=${WINDOW.to}`, viewer);
    expect([file.status, file.body.detail]).toEqual([400, expect.stringMatching(refused)]);
    const teams = (await request('/v1/dimensions/team/values', viewer)).body.values;
    expect(teams.map(({ value }: { value: string }) => value)).toEqual(['apps', 'core', '(none)']);
    expect((await request('/v1/me', viewer)).body).toMatchObject({ viewer: { kind, user: null }, sees: 'totals' });
  });

  it('sees as much as the organization says', async () => {
    const all = await viewed(world, `all-${kind}`, { alertVisibility: 'organization' });
    const byUser = { view: 'table', metrics: ['runs'], groupBy: ['user'] };
    expect(await all.rows(viewer, byUser)).toHaveLength(2);
    expect(await all.rows(viewer, { view: 'runs' })).toHaveLength(5);
    const nothing = await viewed(world, `nothing-${kind}`, { alertVisibility: 'nothing' });
    expect(await nothing.rows(viewer, { view: 'total', metrics: ['runs', 'data_age'] })).toEqual([
      { runs: null, data_age: null },
    ]);
    expect(await nothing.rows(viewer, { view: 'runs' })).toEqual([]);
  });
});

const AS_ONE =
  'numbers over fewer than 5 people are shown as one, (not shown): with the smallest of the others where they would be so few again';

const at = (day: number, hour: number): string => `2026-03-0${day}T${String(hour).padStart(2, '0')}:00:00Z`;

/** Five of core ran on Monday (one of them twice, for $2) and two of them on Tuesday; four of apps on Monday. */
const TEAMS = ['c1', 'c2', 'c3', 'c4', 'c5', 'a1', 'a2', 'a3', 'a4'].flatMap((name, index) => {
  const event = (type: string, id: string, data: object, time?: string) => ({
    ...{ specversion: '1.0', source: 's', id: `${type} ${id}`, type, data },
    ...(time ? { time } : {}),
  });
  const team = name.startsWith('c') ? 'core' : 'apps';
  const run = (runId: string, day: number, costUsd: number) => [
    event('run.started', runId, { runId, sessionId: `s-${name}`, startedAt: at(day, index) }),
    event('run.completed', runId, { runId, status: 'SUCCEEDED', completedAt: at(day, index + 1), costUsd }),
  ];
  return [
    event('user.upserted', name, { userId: name, team }, at(1, 0)),
    event('session.created', name, { sessionId: `s-${name}`, createdByUserId: name, createdAt: at(2, 0), repo: team }),
    ...run(`${name}-1`, 2, 1),
    ...(name === 'c1' || name === 'c2' ? run(`${name}-2`, 3, 1) : []),
  ];
});

it('a picture for the message of an alert sees what public boards see, and says why', async () => {
  const picture = { kind: 'public', role: 'Admin', auth: 'render' };
  const why = 'a picture in the message of an alert is made for nobody, so it shows what public boards show';
  const noticesOf = async (settings: object, name: string) => {
    const { ask, request } = await viewed(world, name, settings, TEAMS);
    const answer = await ask(picture, { view: 'table', metrics: ['runs'], groupBy: ['team'] });
    expect((await request('/v1/me', picture)).body).toMatchObject({ viewer: { kind: 'public', user: null } });
    return [rowsOf(answer), answer.frames[0]!.schema.meta.notices!.map(({ text }) => text)];
  };
  expect(await noticesOf({}, 'picture-closed')).toEqual([
    [],
    [`you see nothing: ${why}, nothing here: an administrator can change it with --public-visibility`],
  ]);
  expect(await noticesOf({ publicVisibility: 'totals' }, 'picture-open')).toEqual([
    [{ team: '(not shown)', runs: 11 }],
    [why, AS_ONE],
  ]);
});

describe.each(['public', 'anonymous'])('%s', (kind) => {
  const viewer = { ...PUBLIC, kind };

  it('sees nothing', async () => {
    const { ask, rows, request } = await viewed(world, `closed-${kind}`, {}, PEOPLE);
    expect(await rows(viewer, { view: 'total', metrics: ['runs', 'total_cost', 'active_users_30d'] })).toEqual([
      { runs: null, total_cost: null, active_users_30d: null },
    ]);
    for (const view of LISTS) {
      const { frames } = await ask(viewer, { view, filters: { session: ['s1'] } });
      expect(frames.flatMap(({ data }) => data.values.flat())).toEqual([]);
    }
    expect((await request('/v1/dimensions/team/values', viewer)).body).toEqual({ values: [] });
    expect((await request('/v1/me', viewer)).body).toMatchObject({
      sees: 'nothing',
      reason: expect.stringMatching(/see nothing here: an administrator can change it with --public-visibility$/),
    });
  });

  it('sees numbers of five people or more, if the organization says so', async () => {
    const settings = { publicVisibility: 'totals' } as const;
    const { ask, rows, request } = await viewed(world, `open-${kind}`, settings, TEAMS);
    const all = ['runs', 'total_cost', 'active_users', 'active_sessions', 'p95_run_duration'];
    expect(await rows(viewer, { view: 'total', metrics: all })).toEqual([
      { runs: 11, total_cost: 11, active_users: 9, active_sessions: 9, p95_run_duration: 3_600_000 },
    ]);
    // apps are four: core is counted with them
    for (const groupBy of ['team', 'repo']) {
      const byGroup = await ask(viewer, { view: 'table', metrics: ['runs', 'active_sessions'], groupBy: [groupBy] });
      expect(rowsOf(byGroup)).toEqual([{ [groupBy]: '(not shown)', runs: 11, active_sessions: 9 }]);
      expect(byGroup.frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: AS_ONE }]);
      const values = (await request(`/v1/dimensions/${groupBy}/values`, viewer)).body.values;
      expect(values).toEqual([{ value: 'core', label: 'core' }]);
      const filtered = { view: 'total', metrics: all, filters: { [groupBy]: ['apps'] } };
      const none = { runs: null, total_cost: null, active_users: null, active_sessions: null, p95_run_duration: null };
      expect(await rows(viewer, filtered)).toEqual([none]);
      const without = { ...filtered, filters: { [groupBy]: { not: ['apps'] } } };
      expect((await ask(viewer, without)).error).toMatch(/filter to values only: name those of \w+ to keep$/);
    }
    // two on Tuesday, nobody on the other days
    const byDay = { view: 'table', metrics: ['runs'], groupBy: ['day_of_week'] };
    expect(await rows(viewer, byDay)).toEqual([{ day_of_week: null, runs: 11 }]);
    const series = await ask(viewer, { view: 'series', metrics: ['runs'], interval: 'day' });
    expect(series.frames[0]!.data.values[1]).toEqual([9, null, 0, 0, 0, 0, 0]);
    const trailing = await ask(viewer, { view: 'series', metrics: ['active_users_1d'], interval: 'day' });
    expect(trailing.frames[0]!.data.values[1]).toEqual([9, null, 0, 0, 0, 0, 0]);
    const compared = {
      view: 'table',
      metrics: ['runs'],
      compare: 'previous',
      from: Date.parse(at(3, 0)),
      to: Date.parse(at(4, 0)),
    };
    expect(await rows(viewer, compared)).toEqual([{ runs: null, runs_previous: 9, runs_change: null }]);

    const refused = /^(public boards|anonymous viewers) see numbers of many only/;
    expect((await ask(viewer, { view: 'total', metrics: ['max_session_cost'] })).error).toMatch(refused);
    const ordered = { view: 'table', metrics: ['active_sessions'], groupBy: ['team'], orderBy: 'max_session_cost' };
    expect((await ask(viewer, ordered)).error).toMatch(refused);
    for (const dimension of ['user', 'session']) {
      const grouped = { view: 'total', metrics: ['runs'], groupBy: [dimension] };
      expect((await ask(viewer, grouped)).error).toMatch(refused);
      expect((await request(`/v1/dimensions/${dimension}/values`, viewer)).body).toEqual({ values: [] });
    }
    for (const view of LISTS) expect((await ask(viewer, { view })).error).toMatch(refused);
    expect((await request('/v1/me', viewer)).body).toMatchObject({ sees: 'totals', viewer: { kind, user: null } });
  });
});

describe('another organization', () => {
  it('is not seen by any token, whatever is asked for', async () => {
    const mine = await viewed(world, 'mine', { memberVisibility: 'organization' }, []);
    await viewed(world, 'theirs', {}, PEOPLE);
    for (const viewer of [null, { kind: 'user', email: 'ann@example.org', role: 'Admin', auth: 'ldap' }]) {
      for (const view of LISTS) {
        const { frames } = await mine.ask(viewer, { view, filters: { session: ['s1'] } });
        const values =
          view === 'data_quality' ? frames[0]!.data.values[2]! : frames.flatMap(({ data }) => data.values.flat());
        // its checks have found nothing
        expect(values.filter((value) => value !== 0)).toEqual([]);
      }
      for (const dimension of ['user', 'team', 'session', 'repo', 'model', 'phase']) {
        expect((await mine.request(`/v1/dimensions/${dimension}/values`, viewer)).body).toEqual({ values: [] });
      }
      const byUser = {
        view: 'table',
        metrics: ['runs', 'active_sessions'],
        groupBy: ['user'],
        filters: { user: ['Ann'] },
      };
      expect(await mine.rows(viewer, byUser)).toEqual([]);
    }
  });
});
