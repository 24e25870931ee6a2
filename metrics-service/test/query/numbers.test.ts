import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
const DAY = 86_400_000;

describe('total', () => {
  it('is one numeric-wide frame: a field per group and metric, groups as labels', async () => {
    const { frames } = await world.ask({ view: 'total', metrics: ['runs', 'total_cost'], groupBy: ['user'] });
    expect(frames).toHaveLength(1);
    const { schema, data } = frames[0]!;
    expect(schema.refId).toBe('A');
    expect(schema.meta.type).toBe('numeric-wide');
    expect(schema.fields.map((field) => [field.name, field.labels, field.config.displayNameFromDS])).toEqual([
      ['runs', { user: 'Ann', user_id: 'u-ann' }, 'Runs: Ann'],
      ['total_cost', { user: 'Ann', user_id: 'u-ann' }, 'Total cost: Ann'],
      ['runs', { user: 'bob@example.org', user_id: 'u-bob' }, 'Runs: bob@example.org'],
      ['total_cost', { user: 'bob@example.org', user_id: 'u-bob' }, 'Total cost: bob@example.org'],
    ]);
    expect(data.values).toEqual([[3], [0.75], [2], [1]]);
  });

  it('labels rows without a value (none), last', async () => {
    const { frames } = await world.ask({ view: 'total', metrics: ['runs'], groupBy: 'task_type' });
    expect(frames[0]!.schema.fields.map(({ labels }) => labels)).toEqual([
      { task_type: 'feature' },
      { task_type: '(none)' },
    ]);
    expect(frames[0]!.data.values).toEqual([[1], [4]]);
  });

  it('compares: two points in time, the earlier window first', async () => {
    const from = Date.UTC(2026, 2, 4);
    const { frames } = await world.ask({ view: 'total', metrics: ['runs', 'active_users'], compare: 'previous', from });
    const { schema, data } = frames[0]!;
    expect(schema.fields.map(({ name }) => name)).toEqual(['time', 'runs', 'active_users']);
    expect(schema.fields[0].typeInfo).toEqual({ frame: 'time.Time' });
    // five days from the 4th: r3, r4, r5 by Bob and Ann; five days before: r1, r2 by Ann
    expect(data.values).toEqual([
      [from - 5 * DAY, from],
      [2, 3],
      [1, 2],
    ]);
  });

  it('without groups is one row of zeros and nulls where nothing is', async () => {
    const { frames } = await world.ask({
      view: 'total',
      metrics: ['runs', 'run_success_rate', 'total_cost', 'active_sessions', 'avg_session_lifespan'],
      from: 0,
      to: 1,
    });
    expect(frames[0]!.data.values).toEqual([[0], [null], [0], [0], [null]]);
  });

  it('with groups is a frame without fields where nothing is', async () => {
    const { frames } = await world.ask({ view: 'total', metrics: ['runs'], groupBy: ['team'], from: 0, to: 1 });
    expect(frames[0]!.schema.fields).toEqual([]);
    expect(frames[0]!.data.values).toEqual([]);
    expect(frames[0]!.schema.meta.custom).toMatchObject({ scope: 'organization' });
  });

  it('does not call unknown cost free', async () => {
    // r3 and r5 have no cost
    const { frames } = await world.ask({
      view: 'total',
      metrics: ['total_cost', 'total_tokens'],
      filters: { status: ['CANCELED', 'IN_FLIGHT'] },
    });
    expect(frames[0]!.data.values).toEqual([[null], [null]]);
  });
});

describe('series', () => {
  it('is one timeseries-multi frame per group and metric, a point per bucket', async () => {
    const { frames } = await world.ask({
      view: 'series',
      metrics: ['runs', 'run_success_rate'],
      groupBy: ['team'],
      interval: 'day',
    });
    expect(
      frames.map(({ schema }) => [schema.meta.type, schema.fields.map(({ name }) => name), schema.fields[1].labels]),
    ).toEqual([
      ['timeseries-multi', ['time', 'runs'], { team: 'core' }],
      ['timeseries-multi', ['time', 'run_success_rate'], { team: 'core' }],
      ['timeseries-multi', ['time', 'runs'], { team: 'apps' }],
      ['timeseries-multi', ['time', 'run_success_rate'], { team: 'apps' }],
    ]);
    const days = Array.from({ length: 7 }, (_, day) => WINDOW.from + day * DAY);
    expect(frames[0]!.data.values).toEqual([days, [1, 1, 0, 0, 1, 0, 0]]);
    expect(frames[1]!.data.values).toEqual([days, [1, 0, null, null, null, null, null]]);
    expect(frames[2]!.data.values).toEqual([days, [0, 0, 1, 1, 0, 0, 0]]);
    expect(frames[3]!.data.values).toEqual([days, [null, null, 0, 0, null, null, null]]);
  });

  it('cuts the first bucket at the window, in the zone of the query', async () => {
    const { frames } = await world.ask({
      view: 'series',
      metrics: ['runs'],
      interval: 'day',
      timezone: 'Asia/Kolkata',
      from: '2026-03-02T10:00:00Z',
      to: String(Date.UTC(2026, 2, 3, 18, 30)),
    });
    expect(frames[0]!.data.values).toEqual([
      [Date.UTC(2026, 2, 2, 10), Date.UTC(2026, 2, 2, 18, 30)],
      [1, 1],
    ]);
    expect(frames[0]!.schema.meta.custom).toMatchObject({ interval: 'day', timezone: 'Asia/Kolkata' });
  });

  it('counts trailing users at the end of each bucket', async () => {
    const { frames } = await world.ask({
      view: 'series',
      metrics: ['active_users_1d', 'active_users_7d', 'active_users_30d'],
      interval: 'day',
    });
    // Ann runs on the 2nd, 3rd and 6th, Bob on the 4th and 5th, Cyd on February 20th
    expect(frames.map(({ data }) => data.values[1])).toEqual([
      [1, 1, 1, 1, 1, 0, 0],
      [1, 1, 2, 2, 2, 2, 2],
      [2, 2, 3, 3, 3, 3, 3],
    ]);
  });

  it('joins metrics of runs and of sessions on the group', async () => {
    const { frames } = await world.ask({
      view: 'series',
      metrics: ['runs', 'active_sessions'],
      groupBy: ['team'],
      interval: 'week',
      orderBy: 'active_sessions',
    });
    const values = frames.map(({ schema, data }) => [
      schema.fields[1].labels.team,
      schema.fields[1].name,
      data.values[1],
    ]);
    expect(values).toEqual([
      ['apps', 'runs', [2]],
      ['apps', 'active_sessions', [1]],
      ['core', 'runs', [3]],
      ['core', 'active_sessions', [1]],
      ['(none)', 'runs', [0]],
      ['(none)', 'active_sessions', [1]],
    ]);
  });
});

describe('table', () => {
  it('has a row per group, names beside ids, and the columns that compare adds', async () => {
    const { frames } = await world.ask({
      view: 'table',
      metrics: ['runs', 'run_success_rate'],
      groupBy: ['user'],
      compare: 'previous',
      from: Date.UTC(2026, 2, 4),
    });
    expect(frames[0]!.schema.fields.map(({ name }) => name)).toEqual([
      'user',
      'user_id',
      'runs',
      'runs_previous',
      'runs_change',
      'run_success_rate',
      'run_success_rate_previous',
      'run_success_rate_change',
    ]);
    // Ann: r5 after r1 (succeeded) and r2 (failed); Bob: r3 and r4, nothing before
    expect(frames[0]!.data.values).toEqual([
      ['bob@example.org', 'Ann'],
      ['u-bob', 'u-ann'],
      [2, 1],
      [0, 2],
      [null, -0.5],
      [0, null],
      [null, 0.5],
      [null, null],
    ]);
  });

  it('shows rows without a value as null, last in any order', async () => {
    for (const [orderBy, direction] of [
      ['runs', 'asc'],
      ['runs', 'desc'],
      ['task_type', 'desc'],
    ]) {
      const result = await world.ask({ view: 'table', metrics: ['runs'], groupBy: ['task_type'], orderBy, direction });
      expect(rowsOf(result)).toEqual([
        { task_type: 'feature', runs: 1 },
        { task_type: null, runs: 4 },
      ]);
    }
  });

  it('orders by a metric that is not shown, pages, and says what was cut', async () => {
    const query = { view: 'table', metrics: ['runs'], groupBy: ['status'], orderBy: 'total_cost', limit: '2' };
    const first = await world.ask(query);
    // TIMEOUT 1.00, SUCCEEDED 0.50, FAILED 0.25, then by name CANCELED and IN_FLIGHT: unknown
    expect(rowsOf(first).map(({ status }) => status)).toEqual(['TIMEOUT', 'SUCCEEDED']);
    expect(first.frames[0]!.schema.meta.notices![0]!.text).toBe('first 2 of 5 groups: the limit cuts the others');
    expect(rowsOf(await world.ask({ ...query, offset: 3 })).map(({ status }) => status)).toEqual([
      'CANCELED',
      'IN_FLIGHT',
    ]);
    const ascending = await world.ask({ ...query, direction: 'asc', limit: 5 });
    expect(rowsOf(ascending).map(({ status }) => status)).toEqual([
      'FAILED',
      'SUCCEEDED',
      'TIMEOUT',
      'CANCELED',
      'IN_FLIGHT',
    ]);
  });

  it('groups by two dimensions', async () => {
    const result = await world.ask({ view: 'table', metrics: ['runs'], groupBy: ['repo', 'user'] });
    expect(rowsOf(result)).toEqual([
      { repo: 'api', user: 'bob@example.org', user_id: 'u-bob', runs: 2 },
      { repo: 'web', user: 'Ann', user_id: 'u-ann', runs: 2 },
      { repo: 'api', user: 'Ann', user_id: 'u-ann', runs: 1 },
    ]);
  });

  it('without groups is one row', async () => {
    expect(rowsOf(await world.ask({ view: 'table', metrics: ['runs', 'total_cost'] }))).toEqual([
      { runs: 5, total_cost: 1.75 },
    ]);
  });
});
