import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { NOW, rowsOf, startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 2, day, hour, minute);

const event = (id: string, type: string, data: object) => ({
  ...{ specversion: '1.0', source: 'timeline', id, type, time: '2026-03-02T12:00:00Z' },
  data,
});

describe('timeline', () => {
  it('is a trace: the session, its runs with their phases, its handoffs', async () => {
    const result = await world.ask({ view: 'timeline', filters: { session: 's1' } });
    expect(queryAnswer.safeParse({ results: { A: result } }).error).toBeUndefined();
    const { meta, fields } = result.frames[0]!.schema;
    expect(meta).toMatchObject({ preferredVisualisationType: 'trace' });
    expect(fields.map(({ name, typeInfo }) => [name, typeInfo.frame])).toEqual([
      ...['traceID', 'spanID', 'parentSpanID', 'operationName', 'serviceName'].map((name) => [name, 'string']),
      ['serviceTags', 'json.RawMessage'],
      ['startTime', 'float64'],
      ['duration', 'float64'],
      ['tags', 'json.RawMessage'],
      ['logs', 'json.RawMessage'],
      ['statusCode', 'float64'],
      ['statusMessage', 'string'],
    ]);
    const rows = rowsOf(result);
    expect(
      rows.map((row) => [
        row.spanID,
        row.parentSpanID,
        row.operationName,
        row.serviceName,
        row.startTime,
        row.duration,
      ]),
    ).toEqual([
      // from the first message to the last handoff
      ['session:s1', null, 'session s1', 'session', at(2, 9, 59), 46 * HOUR + MINUTE],
      ['run:r1', 'session:s1', 'run r1', 'run', at(2, 10), 10 * MINUTE],
      ['phase:1:r1', 'run:r1', 'setup', 'phase', at(2, 10), MINUTE],
      ['phase:2:r1', 'run:r1', 'edit', 'phase', at(2, 10, 1), 8 * MINUTE],
      ['handoff:h1', 'session:s1', 'handoff: Teleport', 'handoff', at(2, 18), 0],
      ['run:r2', 'session:s1', 'run r2', 'run', at(3, 11), 20 * MINUTE],
      ['phase:1:r2', 'run:r2', 'edit', 'phase', at(3, 11, 1), 2 * MINUTE],
      ['phase:2:r2', 'run:r2', 'edit', 'phase', at(3, 11, 10), 2 * MINUTE],
      ['handoff:h2', 'session:s1', 'handoff: Download patch', 'handoff', at(4, 8), 0],
    ]);
    expect(rows.every(({ traceID }) => traceID === 's1')).toBe(true);
    expect(rows[0]).toMatchObject({ logs: [], serviceTags: [], statusCode: 0, statusMessage: '' });
    expect(rows[0]!.tags).toEqual([
      { key: 'user', value: 'Ann' },
      { key: 'repo', value: 'web' },
      { key: 'runs', value: 2 },
      { key: 'messages', value: 2 },
      { key: 'handoffs', value: 2 },
    ]);
    expect(rows[1]!.statusCode).toBe(1);
    expect(rows[5]).toMatchObject({
      statusCode: 2,
      statusMessage: 'Tool error',
      tags: expect.arrayContaining([
        { key: 'error', value: true },
        { key: 'status', value: 'FAILED' },
        { key: 'model', value: 'gpt-5' },
        { key: 'total_cost', value: 0.25 },
        { key: 'queue_wait', value: 4000 },
      ]),
      logs: [{ timestamp: at(3, 11, 20), fields: [{ key: 'error', value: 'Tool error' }] }],
    });
  });

  it('lets a run in flight last until now, and cuts the session at its window', async () => {
    const filters = { session: 's2' };
    const lasting = rowsOf(await world.ask({ view: 'timeline', filters, to: NOW + HOUR }));
    expect(lasting.find(({ spanID }) => spanID === 'run:r5')!.duration).toBe(NOW - at(6, 8));
    expect(lasting[0]).toMatchObject({ startTime: at(4, 11, 59), duration: NOW - at(4, 11, 59) });
    // r4 ends half an hour after this window
    const cut = rowsOf(await world.ask({ view: 'timeline', filters, from: at(5, 0), to: at(5, 9, 30) }));
    expect(cut.map(({ spanID, duration }) => [spanID, duration])).toEqual([
      ['session:s2', 30 * MINUTE],
      ['run:r4', HOUR],
    ]);
  });

  it('has words of the error, and survives odd times', async () => {
    const token = await world.organization('odd');
    const phases = [{ name: 'back', startedAt: '2026-03-02T10:05:00Z', completedAt: '2026-03-02T10:00:00Z' }];
    const failed = { completedAt: '2026-03-02T09:00:00Z', status: 'FAILED', errorSummary: 'no space left' };
    await world.request('/v1/events', {
      token,
      body: [
        event('1', 'run.started', { runId: 'r', sessionId: 's', startedAt: '2026-03-02T10:00:00Z' }),
        event('2', 'run.completed', { runId: 'r', ...failed, failureCategory: 'infrastructure', phases }),
      ],
    });
    const query = { view: 'timeline', filters: { session: 's' } };
    const { body } = await world.request('/v1/query', { token, body: { ...WINDOW, queries: [query] } });
    expect(rowsOf(body.results.A)).toMatchObject([
      { spanID: 'session:s', duration: 0 },
      { spanID: 'run:r', duration: 0, statusMessage: 'Infrastructure: no space left' },
      { spanID: 'phase:1:r', duration: 0, operationName: 'back' },
    ]);
  });

  it('is fast with thousands of runs, and says how many spans are left out', async () => {
    const token = await world.organization('long');
    const time = (minute: number): string => new Date(WINDOW.from + minute * MINUTE).toISOString();
    const runs = Array.from({ length: 2000 }, (_, n) => [
      event(`s${n}`, 'run.started', { runId: `r${n}`, sessionId: 's', startedAt: time(n) }),
      event(`c${n}`, 'run.completed', {
        runId: `r${n}`,
        completedAt: time(n + 1),
        status: 'SUCCEEDED',
        phases: [{ name: 'edit', startedAt: time(n), completedAt: time(n + 1) }],
      }),
    ]).flat();
    const messages = Array.from({ length: 5000 }, (_, n) =>
      event(`m${n}`, 'message.created', { messageId: `m${n}`, sessionId: 's', role: 'user', sentAt: time(n) }),
    );
    for (const body of [runs, messages]) {
      expect((await world.request('/v1/events', { token, body })).body.accepted).toBe(body.length);
    }
    const ask = async (query: object) => {
      const queries = [{ view: 'timeline', filters: { session: 's' }, ...query }];
      return (await world.request('/v1/query', { token, body: { ...WINDOW, queries } })).body.results.A;
    };
    await ask({});
    const started = performance.now();
    const whole = await ask({});
    expect(performance.now() - started).toBeLessThan(1500);
    expect(whole.frames[0].data.values[0]).toHaveLength(1 + 2 * 2000);
    expect(whole.frames[0].schema.meta.notices).toBeUndefined();
    const cut = await ask({ limit: 100 });
    expect(cut.frames[0].data.values[0]).toHaveLength(100);
    expect(cut.frames[0].schema.meta.notices).toEqual([{ severity: 'info', text: 'first 100 of 4,001 spans' }]);
  });
});
