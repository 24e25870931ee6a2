import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryAnswer } from '../../src/contract/frames.js';
import { rowsOf, startWorld, WINDOW, type QueryResult, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const at = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 2, day, hour, minute);
const bodies = (result: QueryResult): unknown[] => rowsOf(result).map(({ body }) => body);

describe('activity', () => {
  it('is the messages, runs and handoffs of a session as log lines, in order', async () => {
    const result = await world.ask({ view: 'activity', filters: { session: 's1' } });
    expect(queryAnswer.safeParse({ results: { A: result } }).error).toBeUndefined();
    const { schema, data } = result.frames[0]!;
    expect(schema.meta.type).toBe('log-lines');
    expect(schema.fields.map(({ name, typeInfo }) => [name, typeInfo.frame])).toEqual([
      ['timestamp', 'time.Time'],
      ['body', 'string'],
      ['severity', 'string'],
      ['id', 'string'],
      ['labels', 'json.RawMessage'],
    ]);
    const ann = { user: 'Ann', user_id: 'u-ann' };
    expect(data.values[0]!.map((_, row) => data.values.map((values) => values[row]))).toEqual([
      [at(2, 9, 59), 'Message of the user', 'info', 'message:m1', { kind: 'message', message: 'm1', role: 'user' }],
      [
        at(2, 10),
        'Run r1 succeeded after 10m',
        'info',
        'run:r1',
        { kind: 'run', run: 'r1', status: 'SUCCEEDED', ...ann, model: 'claude-sonnet-4-5' },
      ],
      [at(2, 18), 'Handoff: Teleport', 'info', 'handoff:h1', { kind: 'handoff', handoff: 'h1', method: 'TELEPORT' }],
      [
        at(3, 11),
        'Run r2 failed after 20m: Tool error',
        'error',
        'run:r2',
        { kind: 'run', run: 'r2', status: 'FAILED', ...ann, model: 'gpt-5', failure_category: 'tool_error' },
      ],
      [at(3, 12), 'Message of the user', 'info', 'message:m2', { kind: 'message', message: 'm2', role: 'user' }],
      [
        at(4, 8),
        'Handoff: Download patch',
        'info',
        'handoff:h2',
        { kind: 'handoff', handoff: 'h2', method: 'DOWNLOAD_PATCH' },
      ],
    ]);
  });

  it('narrows to a run: what happened from its start to its end', async () => {
    const of = (...run: string[]) => world.ask({ view: 'activity', filters: { session: 's2', run } });
    const all = bodies(await of());
    expect(bodies(await of('r3'))).toEqual(['Message of the user', 'Run r3 canceled after 5m']);
    expect(bodies(await of('nobody'))).toEqual([]);
    expect(all.length).toBeGreaterThan(2);
    const { frames } = await world.ask({ view: 'activity', filters: { session: 's2', run: ['r3'], team: ['core'] } });
    expect(frames[0]!.schema.meta.notices).toEqual([
      { severity: 'info', text: 'this view filters by session and run only: team ignored' },
    ]);
  });

  it('keeps to its window, and says how much a limit leaves out', async () => {
    const filters = { session: 's2' };
    const some = await world.ask({ view: 'activity', filters, limit: 2 });
    expect(bodies(some)).toEqual(['Message of the user', 'Run r3 canceled after 5m']);
    expect(some.frames[0]!.schema.meta.notices).toEqual([
      { severity: 'info', text: 'first 2 of 5 messages, runs and handoffs' },
    ]);
    const last = await world.ask({ view: 'activity', filters, limit: 2, direction: 'desc' });
    expect(bodies(last)).toEqual(['Handoff: Open in CLI', 'Run r5 in flight']);
    const day = await world.ask({ view: 'activity', filters, from: at(5, 0), to: at(6, 0) });
    expect(bodies(day)).toEqual(['Run r4 timed out after 1h']);
    expect((await world.ask({ view: 'activity', filters, limit: 20_000 })).error).toContain('at most 10,000');
  });

  it('puts the message before the run that starts with it; has texts only where they are stored', async () => {
    const time = '2026-03-02T10:00:00Z';
    const event = (id: string, type: string, data: object) => ({
      ...{ specversion: '1.0', source: 'x', id, type, time },
      data: { sessionId: 's', ...data },
    });
    const events = [
      event('1', 'run.started', { runId: 'a', startedAt: time, userId: 'u' }),
      event('2', 'run.completed', { runId: 'a', completedAt: time, status: 'FAILED', errorSummary: 'it broke' }),
      event('3', 'message.created', { messageId: 'z', role: 'agent', sentAt: time, text: 'my words', userId: 'u' }),
      event('4', 'handoff.created', { handoffId: '0', method: 'TELEPORT', occurredAt: time }),
    ];
    for (const [storeText, words] of [
      [true, 'my words'],
      [false, 'Message of the agent'],
    ] as const) {
      const token = await world.organization(`text-${storeText}`, { storeText });
      await world.request('/v1/events', { token, body: events });
      const query = { view: 'activity', filters: { session: 's' } };
      const { body } = await world.request('/v1/query', { token, body: { ...WINDOW, queries: [query] } });
      const [first, second, third] = rowsOf(body.results.A);
      expect(first).toMatchObject({ body: words, labels: { user: 'u', user_id: 'u', role: 'agent' } });
      expect(second!.id).toBe('run:a');
      expect(second!.body).toMatch(/^Run a failed after 0ms: Uncategorized/);
      expect(third!.id).toBe('handoff:0');
    }
  });
});
