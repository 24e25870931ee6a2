import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, startWorld, WINDOW, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

describe('sessions', () => {
  it('has a row per active session', async () => {
    const result = await world.ask({ view: 'sessions', orderBy: 'session', direction: 'asc' });
    expect(rowsOf(result)).toEqual([
      {
        session: 's1',
        user: 'Ann',
        user_id: 'u-ann',
        team: 'core',
        repo: 'web',
        workspace: null,
        runtime: null,
        work_item: 'W-1',
        last_active_at: Date.UTC(2026, 2, 4, 8),
        runs: 2,
        run_success_rate: 0.5,
        failed_runs: 1,
        failure_reasons: 'Tool error',
        total_cost: 0.75,
        total_tokens: 2150,
        cost_coverage: 1,
        // r1 10 minutes, r2 20 of which it waited 5
        agent_active_time: 1_500_000,
        lifespan: 93_660_000,
        handoffs: 2,
        local_handoff: true,
        post_handoff_iteration: true,
        url: null,
      },
      {
        session: 's2',
        user: 'bob@example.org',
        user_id: 'u-bob',
        team: 'apps',
        repo: 'api',
        workspace: null,
        runtime: null,
        work_item: 'W-2',
        last_active_at: Date.UTC(2026, 2, 7, 10),
        runs: 3,
        run_success_rate: 0,
        failed_runs: 0,
        failure_reasons: null,
        total_cost: 1,
        total_tokens: 2300,
        cost_coverage: 0.5,
        agent_active_time: 3_900_000,
        lifespan: 0,
        handoffs: 1,
        local_handoff: true,
        post_handoff_iteration: false,
        url: null,
      },
      {
        session: 's4',
        user: null,
        user_id: null,
        team: null,
        repo: null,
        workspace: null,
        runtime: null,
        work_item: null,
        last_active_at: Date.UTC(2026, 2, 8, 20),
        runs: 0,
        run_success_rate: null,
        failed_runs: 0,
        failure_reasons: null,
        total_cost: 0,
        total_tokens: 0,
        cost_coverage: null,
        agent_active_time: 0,
        lifespan: 0,
        handoffs: 0,
        local_handoff: false,
        post_handoff_iteration: false,
        url: null,
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
