import { describe, expect, it } from '@jest/globals';
import { event, run, value, world } from './example.js';

const T = '2026-01-02T00:00:00Z';
const later = (seconds: number): string => new Date(Date.parse(T) + seconds * 1000).toISOString();
const call = (data: Record<string, unknown>) =>
  event('llm_call.recorded', {
    sessionId: 's1',
    model: 'mystery-1',
    usage: { inputTokens: 1, outputTokens: 1 },
    ...data,
  });

describe('merge', () => {
  it('takes for each field the greatest time, then id, then source', () => {
    const { sessions } = world(
      event('session.created', { sessionId: 's', createdAt: T, repo: 'old', workspace: 'w' }, { time: T, id: 'b' }),
      event('session.created', { sessionId: 's', createdAt: T, repo: 'new' }, { time: T, id: 'é' }),
      event('session.created', { sessionId: 's', createdAt: T, repo: 'x', workspace: '' }, { time: T, id: 'c' }),
      event('session.created', { sessionId: 's', createdAt: T, runtime: 'r1' }, { time: T, id: 'z', source: 'b' }),
      event('session.created', { sessionId: 's', createdAt: T, runtime: 'r2' }, { time: T, id: 'z', source: 'B' }),
    );
    expect(sessions.get('s')).toMatchObject({ attributes: { repo: 'new', workspace: null, runtime: 'r1' } });
  });

  it('takes the latest outcome whole', () => {
    const { runs } = world(
      run('r', T, { costUsd: 1, artifacts: { filesChanged: 2 }, failureCategory: 'network', status: 'FAILED' }),
      event(
        'run.completed',
        { runId: 'r', completedAt: later(60), status: 'FAILED', usage: null },
        { time: later(99) },
      ),
      event('run.progressed', { runId: 'r', at: later(999), usage: [] }),
    );
    expect(runs[0]).toMatchObject({
      costNanos: null,
      artifacts: {},
      failureCategory: 'uncategorized',
      executionMs: 60_000,
    });
  });

  it('hides what was deleted until an event about it follows', () => {
    const deleted = event('run.deleted', { runId: 'r' }, { time: later(10) });
    expect(world(run('r', T), deleted).runs[0]!.hidden).toBe(true);
    const revived = event('run.progressed', { runId: 'r', at: later(11) });
    expect(world(run('r', T), deleted, revived).runs[0]!.hidden).toBe(false);
    const session = event('session.deleted', { sessionId: 's1' }, { time: later(10) });
    expect(world(run('r', T), session, revived).runs[0]!.hidden).toBe(true);
    expect(world(session).sessions.get('s1')!.hidden).toBe(true);
  });

  it('gives calls to the run that had started last, hidden or not', () => {
    const of = world(
      run('r1', T),
      run('r2', later(10)),
      run('r10', later(10)),
      event('run.deleted', { runId: 'r2' }, { time: later(99) }),
      call({ callId: 'a', at: later(9) }),
      call({ callId: 'b', at: later(10) }),
      call({ callId: 'c', at: later(500), runId: 'r10' }),
      call({ callId: 'd', at: '2026-01-01T23:59:59.999Z' }),
      call({ callId: 'e', at: later(500), sessionId: 'other' }),
    );
    const outputs = Object.fromEntries(of.runs.map((one) => [one.id, one.tokens?.output]));
    expect(outputs).toEqual({ r1: 1n, r2: 1n, r10: 1n });
    expect(value('total_tokens', of)).toBe(4);
  });

  it('prefers calls to the usage of the outcome, and that to progress', () => {
    const usage = (outputTokens: number) => [{ model: 'mystery-1', inputTokens: 0, outputTokens }];
    const progress = [
      event('run.progressed', { runId: 'r', at: later(1), usage: usage(5) }, { time: later(9) }),
      event('run.progressed', { runId: 'r', at: later(2), usage: usage(6) }, { time: later(8) }),
    ];
    expect(value('output_tokens', world(run('r', T), progress))).toBe(5);
    expect(value('output_tokens', world(run('r', T, { usage: usage(7) }), progress))).toBe(7);
    const own = call({ callId: 'a', at: T, runId: 'r' });
    expect(value('output_tokens', world(run('r', T, { usage: usage(7) }), progress, own))).toBe(1);
  });

  it('knows a cost in part where some parts have none, and the main model by output tokens', () => {
    const known = { model: 'claude-haiku-4-5', inputTokens: 1000, outputTokens: 5 };
    const unknown = { model: 'mystery-1', inputTokens: 1, outputTokens: 4 };
    const again = { model: 'claude-haiku-4-5', inputTokens: 0, outputTokens: 2 };
    const opus = { model: 'claude-opus-4-6', inputTokens: 0, outputTokens: 7 };
    const cost = (...usage: unknown[]) => world(run('r', T, { usage })).runs[0]!;
    expect(cost(known, unknown)).toMatchObject({
      ...{ costNanos: 1000_000n + 25_000n, cost: 'partly known', model: 'claude-haiku-4-5' },
    });
    expect(cost(known, again, opus)).toMatchObject({
      costNanos: 1000_000n + 35_000n + 175_000n,
      model: 'claude-haiku-4-5',
    });
    const reported = world(run('r', T, { usage: [known, unknown], costUsd: '0.5' })).runs[0]!;
    expect(reported.shares).toMatchObject([
      { call_model: 'claude-haiku-4-5', tokens: { output: 5n }, costNanos: 0n },
      { call_model: 'mystery-1', costNanos: 0n },
      { call_model: 'claude-haiku-4-5', call_phase: null, tokens: { output: 0n }, costNanos: 500_000_000n },
    ]);
  });

  it('keeps both ends but no length where the end lies before the start', () => {
    const of = world(run('r', T, { lasts: -5 }));
    expect(of.runs[0]).toMatchObject({ executionMs: null, status: 'SUCCEEDED', startedAt: Date.parse(T) });
    expect(value('terminal_runs', of)).toBe(1);
  });
});
