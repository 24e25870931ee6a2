import { describe, expect, it } from '@jest/globals';
import { DAY_MS, event, run, value, world } from './example.js';

const day = (n: number, time = '12:00:00Z'): string => `2026-01-${String(n).padStart(2, '0')}T${time}`;
const message = (messageId: string, sentAt: string, sessionId = 's1') =>
  event('message.created', { messageId, sessionId, role: 'user', sentAt });
const handoff = (handoffId: string, occurredAt: string, sessionId = 's1') =>
  event('handoff.created', { handoffId, sessionId, occurredAt, method: 'TELEPORT' });

describe('run metrics', () => {
  const of = world(
    event('session.created', { sessionId: 's1', createdAt: day(1), createdByUserId: 'ada', repo: 'web' }),
    event('user.upserted', { userId: 'bob', team: 'core' }, { time: day(1) }),
    run('r1', day(1, '00:00:00.000Z'), { lasts: 1000, costUsd: '1.5' }),
    run('r2', day(2), { lasts: 3000, status: 'FAILED', userId: 'bob', costUsd: 0.5 }),
    run('r3', day(3), { lasts: 2000, status: 'FAILED', failureCategory: 'network' }),
    run('r4', day(4), { lasts: -1, status: 'CANCELED', sessionId: 's2' }),
    run('r5', day(11, '00:00:00.000Z'), { userId: 'eve' }),
    event('run.started', { runId: 'r6', sessionId: 's2', startedAt: day(5), queueWaitMs: 500 }),
    event('run.queued', { runId: 'r1', sessionId: 's1', queuedAt: '2025-12-31T23:59:59Z' }),
    event('run.queued', { runId: 'r7', sessionId: 's1', queuedAt: day(6) }),
  );

  it('counts the runs that started in the half-open window', () => {
    expect(value('runs', of)).toBe(5);
    expect(value('terminal_runs', of)).toBe(4);
    expect(value('in_flight_runs', of)).toBe(1);
    expect(value('runs_per_day', of)).toBe(0.5);
    expect(value('active_users', of)).toBe(2); // ada by session, bob; s2 has no creator
    expect(value('runs_per_active_user', of)).toBe(1.5); // three of the five runs are somebody's
  });

  it('shares out the terminal runs', () => {
    expect(value('run_success_rate', of)).toBe(0.25);
    expect(value('run_failure_rate', of)).toBe(0.5);
    expect(value('run_cancel_rate', of)).toBe(0.25);
    expect(value('run_timeout_rate', of)).toBe(0);
    const network = [{ dimension: 'failure_category', value: 'network' }];
    expect(value('failure_share', of, { group: network })).toBe(0.5);
    expect(value('failure_share', of, { group: network, filters: { failure_category: ['network'] } })).toBe(1);
    expect(value('run_success_rate', of, { filters: { user: ['nobody'] } })).toBeNull();
  });

  it('measures known lengths and waits', () => {
    expect(value('avg_run_duration', of)).toBe(2000);
    expect(value('p50_run_duration', of)).toBe(2000);
    expect(value('p95_run_duration', of)).toBe(2900);
    expect(value('avg_queue_wait', of)).toBe(750);
    expect(value('queue_share', of)).toBe(0.5); // r1 alone has both: 1000 of 2000
  });

  it('leaves waiting out of what the agent spent', () => {
    const waited = world(
      run('a', day(1), { lasts: 1000, awaitMs: 250 }),
      run('b', day(2), { lasts: 1000, awaitMs: 5000 }), // at most its duration
      run('c', day(3), { lasts: 6000 }), // waited 0, and said nothing of it
      run('d', day(4), { lasts: -1, awaitMs: 100 }),
    );
    expect(value('await_share', waited)).toBe(0.625); // 1250 of 2000
    expect(value('avg_agent_time_per_session', waited)).toBe(6750); // 750 + 0 + 6000, in one session
    expect(value('p50_run_duration', waited)).toBe(1000);
    expect(value('avg_agent_time', waited)).toBe(2250); // 6750 of three
    expect(value('avg_await', waited)).toBe(1250 / 3);
  });

  it('sums money: nothing is 0, unknown is null', () => {
    expect(value('total_cost', of)).toBe(2);
    expect(value('cost_per_run', of)).toBe(1);
    expect(value('cost_per_successful_run', of)).toBe(2);
    expect(value('unsuccessful_cost', of)).toBe(0.5);
    expect(value('cost_coverage', of)).toBe(0.5);
    expect(value('total_cost', of, { filters: { status: ['CANCELED'] } })).toBeNull();
    expect(value('total_cost', of, { filters: { user: ['nobody'] } })).toBe(0);
    expect(value('cost_per_run', of, { filters: { user: ['nobody'] } })).toBeNull();
    expect(value('total_tokens', of)).toBeNull();
    expect(value('lines_added', of)).toBe(0);
  });

  it('filters by alternatives, (none), and their opposite', () => {
    expect(value('runs', of, { filters: { team: ['core'] } })).toBe(1);
    expect(value('runs', of, { filters: { team: { not: ['core'] } } })).toBe(4);
    expect(value('runs', of, { filters: { user: ['(none)', 'bob'] } })).toBe(3);
    expect(value('runs', of, { filters: { failure_category: ['uncategorized'] } })).toBe(1);
    expect(value('runs', of, { filters: { repo: [], session: ['s2', null] } })).toBe(2);
  });

  it('looks back from the end of the window for trailing users', () => {
    const scope = (to: string) => ({ window: { from: Date.parse(day(10)), to: Date.parse(to) } });
    expect(value('active_users_7d', of, scope(day(11, '00:00:00.000Z')))).toBe(0);
    expect(value('active_users_7d', of, scope(day(11, '00:00:00.001Z')))).toBe(1);
    expect(value('active_users_30d', of, scope(day(11, '00:00:00.001Z')))).toBe(3);
  });

  it('knows the age of the data', () => {
    expect(value('data_age', of)).toBe(Date.parse(day(12, '00:00:00Z')) - Date.parse(day(11, '00:00:01Z')));
  });

  it('splits runs by the model of their calls', () => {
    const usage = [
      { model: 'claude-haiku-4-5', inputTokens: 10, outputTokens: 1 },
      { model: 'claude-opus-4-6', inputTokens: 20, outputTokens: 2 },
    ];
    const split = world(run('a', day(1), { usage }), run('b', day(2), { usage, costUsd: 1 }), run('c', day(3)));
    const opus = { group: [{ dimension: 'call_model', value: 'claude-opus-4-6' }] };
    expect(value('total_tokens', split, opus)).toBe(44);
    expect(value('total_cost', split, opus)).toBe(1.00015);
    expect(value('total_cost', split, { filters: { call_model: ['claude-haiku-4-5'] } })).toBe(0.000015);
    expect(value('total_tokens', split)).toBe(66);
  });

  it('sums a phase within a run and averages over the runs that reported it', () => {
    const phase = (name: string, from: string, to: string) => ({
      name,
      startedAt: day(1, from),
      completedAt: day(1, to),
    });
    const phased = world(
      run('a', day(1), { phases: [phase('plan', '01:00:00Z', '01:00:01Z'), phase('plan', '02:00:00Z', '02:00:02Z')] }),
      run('b', day(1), { phases: [phase('plan', '01:00:00Z', '01:00:01Z'), phase('test', '02:00:00Z', '02:00:02Z')] }),
    );
    expect(value('avg_phase_duration', phased, { group: [{ dimension: 'phase', value: 'plan' }] })).toBe(2000);
    expect(value('avg_phase_duration', phased, { group: [{ dimension: 'phase', value: 'test' }] })).toBe(2000);
  });
});

describe('session metrics', () => {
  const of = world(
    event('session.created', { sessionId: 's1', createdAt: day(1), createdByUserId: 'ada', repo: 'web' }),
    message('m0', '2025-12-31T00:00:00Z'),
    message('m1', day(1)),
    message('m2', day(3)),
    message('m3', day(2), 's2'),
    run('r1', day(1), { lasts: 4000, status: 'FAILED', costUsd: 3 }),
    run('r2', day(2), { lasts: 2000, costUsd: 4 }),
    handoff('h1', day(2)),
    handoff('h2', day(10), 's3'),
    run('r3', day(11), { sessionId: 's3' }),
    handoff('h3', day(4), 's4'),
    run('r4', new Date(Date.parse(day(4)) + DAY_MS + 1).toISOString(), { sessionId: 's4' }),
  );

  it('counts active sessions and what lies in them', () => {
    expect(value('active_sessions', of)).toBe(4);
    expect(value('avg_runs_per_session', of)).toBe(0.75);
    expect(value('avg_agent_time_per_session', of)).toBe(1750); // 4 s + 2 s + 1 s over 4 sessions
    expect(value('avg_session_lifespan', of)).toBe(DAY_MS); // s1 two days, s2 nothing
    expect(value('max_session_cost', of)).toBe(7);
    expect(value('handoffs', of)).toBe(3);
    expect(value('local_handoff_rate', of)).toBe(0.75);
  });

  it('looks beyond the window for the run after a handoff, exactly X far', () => {
    // h1 at the same instant as r2: not after it. h2: r3 exactly a day later. h3: r4 a millisecond too late.
    expect(value('post_handoff_iteration_rate', of)).toBe(0.25);
    expect(value('post_handoff_iteration_share', of)).toBe(1 / 3);
    expect(value('post_handoff_iteration_share', of, { postHandoffMs: DAY_MS + 1 })).toBe(2 / 3);
    expect(value('active_sessions', of, { filters: { post_handoff_iteration: ['true'] } })).toBe(1);
    expect(value('active_sessions', of, { filters: { local_handoff: ['false'] } })).toBe(1);
  });

  it('keeps sessions whole of which one and the same run passes the run filters', () => {
    expect(value('avg_runs_per_session', of, { filters: { status: ['FAILED'] } })).toBe(2);
    const model = { filters: { status: ['FAILED'], failure_category: { not: ['uncategorized'] } } };
    expect(value('active_sessions', of, model)).toBe(0);
    expect(value('active_sessions', of, { filters: { status: { not: ['SUCCEEDED'] } } })).toBe(1);
  });
});
