import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { NOW, startWorld, WINDOW, type QueryResult, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

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

  it.each([
    ['Etc/Unknown', 'headless'],
    ['etc/unknown', 'lower-case'],
    ['browser', 'grafana'],
  ])('takes %s of a browser as no zone, and says so', async (timezone, orgId) => {
    const token = await world.organization(orgId, { timezone: 'Asia/Kolkata' });
    const metaOf = async (query: object, request: object = {}) => {
      const body = { ...WINDOW, ...request, queries: [{ metrics: ['runs'], ...query }] };
      const { results } = (await world.request('/v1/query', { body, token })).body;
      const { notices = [], ...meta } = results.A.frames[0].schema.meta;
      // it has no data, which is said, too
      const ofZone = notices.filter(({ text }: { text: string }) => !text.startsWith('nothing is recorded'));
      return { ...meta, notices: ofZone.length > 0 ? ofZone : undefined };
    };
    const days = { view: 'series', interval: 'day' };
    const text =
      'your browser does not say its time zone: hours, days, weeks and months are those of the organization (Asia/Kolkata)';
    const said = [{ severity: 'info', text }];
    expect(await metaOf({ ...days, timezone })).toMatchObject({
      custom: { timezone: 'Asia/Kolkata' },
      notices: said,
    });
    expect(await metaOf(days, { timezone })).toMatchObject({ custom: { timezone: 'Asia/Kolkata' }, notices: said });
    const vienna = await metaOf({ ...days, timezone }, { timezone: 'Europe/Vienna' });
    expect([vienna.custom.timezone, vienna.notices]).toEqual(['Europe/Vienna', undefined]);
    // a number over the whole window is the same in any zone
    expect((await metaOf({ view: 'total', timezone })).notices).toBeUndefined();
    const file = await world.request(`/v1/export/runs.csv?from=0&to=1&timezone=${timezone}`, { token });
    expect(file.headers.get('content-disposition')).toContain('runboard-runs-1970-01-01T0530-');
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
