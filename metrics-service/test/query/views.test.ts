import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { NOW, rowsOf, startWorld, WINDOW, type QueryResult, type World } from './world.js';

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

  it('leaves out groups in which every asked metric is 0 or null', async () => {
    const one = await world.ask({ view: 'table', metrics: ['lines_added'], groupBy: ['team'] });
    expect(rowsOf(one)).toEqual([{ team: 'core', lines_added: 110 }]);
    const two = await world.ask({ view: 'table', metrics: ['lines_added', 'files_changed'], groupBy: ['team'] });
    expect(rowsOf(two)).toEqual([
      { team: 'core', lines_added: 110, files_changed: 4 },
      { team: 'apps', lines_added: 0, files_changed: 2 },
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

describe('sessions', () => {
  it('has a row per active session', async () => {
    const result = await world.ask({ view: 'sessions', orderBy: 'session', direction: 'asc' });
    expect(rowsOf(result)).toEqual([
      {
        session: 's1',
        user: 'Ann',
        user_id: 'u-ann',
        repo: 'web',
        workspace: null,
        runtime: null,
        last_active_at: Date.UTC(2026, 2, 4, 8),
        runs: 2,
        run_success_rate: 0.5,
        total_cost: 0.75,
        total_tokens: 2150,
        cost_coverage: 1,
        agent_active_time: 1_800_000,
        lifespan: 93_660_000,
        handoffs: 2,
        local_handoff: true,
        post_handoff_iteration: true,
      },
      {
        session: 's2',
        user: 'bob@example.org',
        user_id: 'u-bob',
        repo: 'api',
        workspace: null,
        runtime: null,
        last_active_at: Date.UTC(2026, 2, 7, 10),
        runs: 3,
        run_success_rate: 0,
        total_cost: 1,
        total_tokens: 2300,
        cost_coverage: 0.5,
        agent_active_time: 3_900_000,
        lifespan: 0,
        handoffs: 1,
        local_handoff: true,
        post_handoff_iteration: false,
      },
      {
        session: 's4',
        user: null,
        user_id: null,
        repo: null,
        workspace: null,
        runtime: null,
        last_active_at: Date.UTC(2026, 2, 8, 20),
        runs: 0,
        run_success_rate: null,
        total_cost: 0,
        total_tokens: 0,
        cost_coverage: null,
        agent_active_time: 0,
        lifespan: 0,
        handoffs: 0,
        local_handoff: false,
        post_handoff_iteration: false,
      },
    ]);
  });

  it('sorts by every column, nulls last, and pages', async () => {
    const { frames } = await world.ask({ view: 'sessions' });
    for (const { name } of frames[0]!.schema.fields) {
      for (const direction of ['asc', 'desc']) {
        const result = await world.ask({ view: 'sessions', orderBy: name, direction });
        const values = rowsOf(result).map((row) => row[name]);
        const known = values.filter((value) => value !== null) as (string | number)[];
        const sorted = [...known].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0) * (direction === 'asc' ? 1 : -1));
        expect(values).toEqual([...sorted, ...values.filter((value) => value === null)]);
      }
    }
    const page = await world.ask({ view: 'sessions', limit: 1, offset: 1 });
    expect(rowsOf(page).map(({ session }) => session)).toEqual(['s2']);
    expect(page.frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: 'number 2 of 3' }]);
    const first = await world.ask({ view: 'sessions', limit: 2 });
    expect(first.frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: 'first 2 of 3' }]);
  });

  it('counts the end of a run that started before the window', async () => {
    const from = Date.UTC(2026, 2, 5, 9, 30);
    const message = (messageId: string) => ({
      specversion: '1.0',
      source: 'late',
      id: messageId,
      type: 'message.created',
      data: { messageId, sessionId: 's2', role: 'user', sentAt: '2026-03-05T09:40:00Z' },
    });
    const token = await world.organization('late');
    const events = [
      message('m'),
      {
        ...message('r'),
        type: 'run.completed',
        data: {
          runId: 'r',
          sessionId: 's2',
          startedAt: '2026-03-05T09:00:00Z',
          completedAt: '2026-03-05T10:00:00Z',
          status: 'TIMEOUT',
        },
      },
    ];
    await world.request('/v1/events', { body: events, token });
    const { body } = await world.request('/v1/query', {
      body: { from, to: WINDOW.to, queries: [{ view: 'sessions' }] },
      token,
    });
    expect(rowsOf(body.results.A)).toMatchObject([
      { session: 's2', runs: 0, last_active_at: Date.UTC(2026, 2, 5, 10) },
    ]);
  });
});

describe('filters', () => {
  const count = async (metric: string, filters: unknown): Promise<unknown> => {
    const { frames, error } = await world.ask({ view: 'total', metrics: [metric], filters });
    if (error) throw new Error(error);
    return frames[0]!.data.values[0]![0];
  };

  it.each([
    [{ repo: ['web'] }, 2],
    [{ repo: 'web' }, 2],
    [{ repo: ['web', 'api'] }, 5],
    [{ repo: [] }, 5],
    [{ repo: { not: ['web'] } }, 3],
    [{ repo: { not: [] } }, 5],
    [{ repo: ['web'], status: ['FAILED', 'TIMEOUT'] }, 1],
    [{ task_type: ['(none)'] }, 4],
    [{ task_type: null }, 4],
    [{ task_type: ['feature', null] }, 5],
    [{ task_type: { not: ['feature'] } }, 4],
    [{ task_type: { not: ['(none)'] } }, 1],
    [{ task_type: { not: ['feature', '(none)'] } }, 0],
    [{ failure_category: { not: ['tool_error'] } }, 4],
    [{ user: ['Ann'] }, 3],
    [{ user: ['u-ann', 'bob@example.org'] }, 5],
    [{ user: { not: 'Ann' } }, 2],
    [{ user: ['Nobody'] }, 0],
    [{ team: 'core' }, 3],
    [{ session: 's1', model: ['gpt-5'] }, 1],
    [{ workspace: ['(none)'] }, 5],
  ])('runs with %j: %j', async (filters, expected) => {
    expect(await count('runs', filters)).toBe(expected);
  });

  it.each([
    [{ team: 'core' }, 1],
    [{ user: ['(none)'] }, 1],
    [{ status: ['FAILED'] }, 1],
    // one and the same run: s1 has a SUCCEEDED run and one by gpt-5, but not both in one
    [{ status: ['SUCCEEDED'], model: ['gpt-5'] }, 0],
    [{ status: ['SUCCEEDED'], model: ['claude-sonnet-4-5'] }, 1],
    [{ local_handoff: true }, 2],
    [{ local_handoff: ['false'] }, 1],
    [{ local_handoff: [true, false] }, 3],
    [{ local_handoff: { not: ['true'] } }, 1],
    [{ post_handoff_iteration: 'true' }, 1],
    [{ post_handoff_iteration: false, local_handoff: true }, 1],
  ])('sessions with %j: %j', async (filters, expected) => {
    expect(await count('active_sessions', filters)).toBe(expected);
  });

  it('keeps the numbers of a session whole when its runs are filtered', async () => {
    expect(await count('avg_runs_per_session', { status: ['FAILED'] })).toBe(2);
  });

  it('takes both kinds of metrics in one query', async () => {
    const { frames } = await world.ask({
      view: 'total',
      metrics: ['runs', 'active_sessions'],
      filters: { status: 'FAILED' },
    });
    expect(frames[0]!.data.values).toEqual([[1], [1]]);
  });
});

describe('the answer', () => {
  it('has the shape that Grafana reads, schema before data', async () => {
    const views = ['total', 'series', 'table', 'sessions'];
    const queries = views.flatMap((view) => [
      { refId: `${view}1`, view, metrics: ['runs', 'total_cost'], groupBy: ['team'] },
      { refId: `${view}2`, view, metrics: ['active_sessions'], ...(view === 'series' ? {} : { compare: 'previous' }) },
    ]);
    const { body } = await world.request('/v1/query', { body: { ...WINDOW, queries } });
    expect(queryAnswer.parse(body)).toEqual(body);
    for (const { frames } of Object.values<QueryResult>(body.results)) {
      for (const frame of frames) {
        expect(Object.keys(frame)).toEqual(['schema', 'data']);
        expect(frame.data.values).toHaveLength(frame.schema.fields.length);
        expect(new Set(frame.data.values.map(({ length }) => length)).size).toBeLessThanOrEqual(1);
        for (const field of frame.schema.fields) {
          if (field.type !== 'time') expect(field.typeInfo.nullable).toBe(true);
        }
      }
    }
  });

  it('says what it was computed from', async () => {
    const { frames } = await world.ask({ view: 'total', metrics: ['runs'] });
    const { custom, executedQueryString } = frames[0]!.schema.meta;
    expect(custom).toEqual({
      asOf: NOW,
      window: WINDOW,
      interval: null,
      timezone: 'UTC',
      scope: 'organization',
      sql: expect.any(Array),
    });
    expect(executedQueryString).toContain('r.org_id = $1');
  });

  it('computes all metrics of one base in one statement', async () => {
    const metrics = ['runs', 'run_success_rate', 'p95_run_duration', 'active_users', 'lines_added', 'test_pass_rate'];
    const { frames } = await world.ask({ view: 'total', metrics });
    expect(frames[0]!.schema.meta.custom!.sql).toHaveLength(1);
  });

  it('takes zone, window and points from the request where the query is silent', async () => {
    const query = { view: 'series', metrics: ['runs'], from: null, timezone: '' };
    const { frames } = await world.ask(query, { timezone: 'Asia/Calcutta', maxDataPoints: '1' });
    expect(frames[0]!.schema.meta.custom).toMatchObject({
      window: WINDOW,
      timezone: 'Asia/Calcutta',
      interval: 'month',
    });
  });

  it("takes the organization's zone where nobody names one", async () => {
    const token = await world.organization('vienna', { timezone: 'Europe/Vienna' });
    const { body } = await world.request('/v1/query', {
      body: { ...WINDOW, queries: [{ view: 'total', metrics: 'runs' }] },
      token,
    });
    expect(body.results.A.frames[0].schema.meta.custom.timezone).toBe('Europe/Vienna');
    expect(body.results.A.frames[0].data.values).toEqual([[0]]);
  });

  it('names queries without a refId A, B … beside the ones that have one', async () => {
    const query = { view: 'total', metrics: ['runs'] };
    const { body } = await world.request('/v1/query', {
      body: { ...WINDOW, queries: [query, { ...query, refId: 'A' }, query] },
    });
    expect(Object.keys(body.results).sort()).toEqual(['A', 'B', 'C']);
  });

  it("ignores members that nobody knows, and names them unless they are Grafana's own", async () => {
    const query = {
      view: 'total',
      metrics: ['active_sessions'],
      datasource: { uid: 'x' },
      hide: true,
      intervalMs: 5,
      colour: 'red',
    };
    const { frames } = await world.ask(query, { range: {}, shade: 1 });
    expect(frames[0]!.schema.meta.notices).toEqual([{ severity: 'info', text: 'ignored, unknown: "shade", "colour"' }]);
  });

  it('warns where the reader would get the numbers wrong', async () => {
    const { frames } = await world.ask({ view: 'total', metrics: ['total_cost', 'run_success_rate'] });
    expect(frames[0]!.schema.meta.notices!.map(({ text }) => text)).toEqual([
      'cost is known for 75 % of the terminal runs; unknown is not counted as zero',
      'fewer than 20 runs (only 5 runs): rates, averages and percentiles say little',
    ]);
  });

  it('warns of unknown cost and tokens also where they are split by the model of the calls', async () => {
    const texts = async (query: object) => {
      const { frames } = await world.ask({ view: 'table', groupBy: 'call_model', ...query });
      return (frames[0]!.schema.meta.notices ?? []).map(({ text }) => text);
    };
    const cost = 'cost is known for 75 % of the terminal runs; unknown is not counted as zero';
    const tokens = 'tokens are known for 75 % of the terminal runs; unknown is not counted as zero';
    expect(await texts({ metrics: ['total_cost'] })).toEqual([cost]);
    expect(await texts({ metrics: ['total_cost', 'output_tokens'], limit: 9 })).toEqual([cost, tokens]);
    expect(await texts({ metrics: ['total_cost'], filters: { call_model: 'gpt-5' } })).toEqual([cost]);
    // of r3 and r4, Bob's, one has a cost; both of Ann's have
    const half = cost.replace('75', '50');
    expect(await texts({ metrics: ['total_cost'], filters: { user: 'u-bob' } })).toEqual([half]);
    expect(await texts({ metrics: ['total_cost'], filters: { user: 'u-ann' } })).toEqual([]);
  });

  it('speaks of one in the singular', async () => {
    const texts = async (query: object) => {
      const { frames } = await world.ask({ metrics: ['run_success_rate'], ...query });
      return frames[0]!.schema.meta.notices?.[0]?.text;
    };
    const few = (which: string) => `fewer than 20 runs (${which}): rates, averages and percentiles say little`;
    const filters = { status: 'CANCELED' };
    expect(await texts({ view: 'total', filters })).toBe(few('only 1 run'));
    const byStatus = { view: 'table', metrics: ['run_cancel_rate'], groupBy: 'status', filters };
    expect(await texts(byStatus)).toBe(few('1 of 1 group'));
    expect(await texts({ ...byStatus, offset: 1 })).toBe('none of 1 group: the offset cuts the others');
  });

  it('counts calls that belong to no run', async () => {
    const call = {
      specversion: '1.0',
      source: 'stray',
      id: 'c',
      type: 'llm_call.recorded',
      data: {
        callId: 'c',
        sessionId: 's1',
        at: '2026-03-02T08:00:00Z',
        model: 'gpt-5',
        usage: { inputTokens: 1, outputTokens: 1 },
      },
    };
    await world.request('/v1/events', { body: call });
    const { frames } = await world.ask({ view: 'total', metrics: ['total_tokens'], filters: { session: 's1' } });
    expect(frames[0]!.schema.meta.notices).toEqual([
      { severity: 'warning', text: '1 call in this window belongs to no run and is not counted' },
    ]);
  });

  it('sees one organization', async () => {
    const token = await world.organization('other');
    const { body } = await world.request('/v1/query', {
      body: { ...WINDOW, queries: [{ view: 'table', metrics: ['runs', 'active_sessions', 'data_age'] }] },
      token,
    });
    expect(body.results.A.frames[0].data.values).toEqual([[0], [0], [null]]);
  });
});
