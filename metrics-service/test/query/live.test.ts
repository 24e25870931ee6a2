import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, type QueryResult } from './world.js';
import { testService, type TestService } from '../support/service.js';

const NOW = Date.parse('2026-05-10T12:00:00Z');
const MINUTE = 60_000;
const at = (minutesAgo: number): string => new Date(NOW - minutesAgo * MINUTE).toISOString();

let organizations = 0;
let events = 0;
const event = (type: string, data: object): object => {
  events += 1;
  return { specversion: '1.0', source: 'platform', id: `e${events}`, type, data };
};
const started = (runId: string, minutesAgo: number, more: object = {}): object =>
  event('run.started', { runId, sessionId: 's', startedAt: at(minutesAgo), ...more });
const progressed = (runId: string, minutesAgo: number, more: object = {}): object =>
  event('run.progressed', { runId, at: at(minutesAgo), ...more });
const tool = (toolCallId: string, runId: string, more: object): object =>
  event('tool_call.recorded', { toolCallId, runId, sessionId: 's', name: 'Bash', ...more });
const ended = (runId: string, startedAgo: number, costUsd: string | undefined): object[] => [
  started(runId, startedAgo, { model: 'mystery-1' }),
  event('run.completed', { runId, completedAt: at(startedAgo - 10), status: 'SUCCEEDED', costUsd }),
];

let service: TestService;
beforeAll(async () => {
  service = await testService({ clock: () => NOW });
});
afterAll(() => service.stop());

async function organization(sent: object[], settings: object = {}) {
  organizations += 1;
  const token = await service.organization(`live-${organizations}`, settings);
  await service.accept(token, sent);
  return async (query: object): Promise<QueryResult> => {
    const body = { from: NOW - 86_400_000, to: NOW, queries: [{ refId: 'A', ...query }] };
    return (await service.request('/v1/query', { token, body })).body.results.A as QueryResult;
  };
}

const METRICS = ['queued_runs_now', 'in_flight_runs_now', 'stuck_runs_now', 'max_context_use_now'];
type Ask = Awaited<ReturnType<typeof organization>>;
const states = async (ask: Ask): Promise<Record<string, unknown>> => {
  const rows = rowsOf(await ask({ view: 'live', orderBy: 'run', direction: 'asc' }));
  return Object.fromEntries(rows.map(({ run, state }) => [run, state]));
};

describe('the runs of now', () => {
  it('are queued, running or stuck; what has ended, never began or is lost is none of them', async () => {
    const ask = await organization(
      [
        event('run.queued', { runId: 'queued', sessionId: 's', queuedAt: at(30) }),
        started('fresh', 9),
        started('silent', 10),
        started('spoken', 90),
        progressed('spoken', 9),
        started('called', 90),
        event('llm_call.recorded', {
          callId: 'c',
          ...{ runId: 'called', sessionId: 's', at: at(5), model: 'gpt-5', usage: { inputTokens: 1, outputTokens: 1 } },
        }),
        started('in a tool', 90),
        tool('t1', 'in a tool', { startedAt: at(59) }),
        started('in a tool for long', 90),
        tool('t2', 'in a tool for long', { startedAt: at(60) }),
        started('asks a person', 300),
        tool('t3', 'asks a person', { startedAt: at(200), awaitStartedAt: at(200) }),
        started('waits', 300),
        progressed('waits', 200, { phase: 'waiting' }),
        started('ended', 20),
        event('run.completed', { runId: 'ended', completedAt: at(10), status: 'FAILED' }),
        progressed('only spoken of', 1),
        started('a day ago', 24 * 60),
        started('lost', 24 * 60 + 1),
        started('deleted', 5),
        event('run.deleted', { runId: 'deleted' }),
      ].map((one) => ({ ...one, time: at(0) })),
    );
    expect(await states(ask)).toEqual({
      'a day ago': 'stuck',
      'asks a person': 'running',
      called: 'running',
      fresh: 'running',
      'in a tool': 'running',
      'in a tool for long': 'stuck',
      queued: 'queued',
      silent: 'stuck',
      spoken: 'running',
      waits: 'running',
    });
    const { frames } = await ask({ view: 'live' });
    expect(frames[0]!.schema.meta.notices).toEqual([
      { severity: 'info', text: '1 run counts as lost, not heard of for 24 hours, and is left out' },
    ]);
    const [total] = rowsOf(await ask({ view: 'total', metrics: METRICS }));
    expect(total).toEqual({
      queued_runs_now: 1,
      in_flight_runs_now: 9,
      stuck_runs_now: 3,
      max_context_use_now: null,
    });
  });

  it('are heard of when their events came, if these lie ahead, and stuck after the organization’s time', async () => {
    const ask = await organization([started('ahead', -60), started('r', 6)], { stuckAfterMs: 5 * MINUTE });
    const [ahead, r] = rowsOf(await ask({ view: 'live', orderBy: 'run', direction: 'asc' }));
    expect(ahead).toMatchObject({ state: 'running', last_heard_at: NOW, elapsed: 0 });
    expect(r).toMatchObject({ state: 'stuck', last_heard_at: NOW - 6 * MINUTE, elapsed: 6 * MINUTE });
  });

  it('say what they do, in one row each', async () => {
    const ask = await organization(
      [
        event('user.upserted', { userId: 'ann', name: 'Ann', team: 'core' }),
        event('session.created', { sessionId: 's', createdByUserId: 'ann', createdAt: at(60), repo: 'web' }),
        started('r', 12, { agent: 'builder-1', role: 'builder', model: 'gpt-5', url: 'https://example.org/r' }),
        progressed('r', 2, {
          usage: [{ model: 'gpt-5', inputTokens: 1_000_000, outputTokens: 100_000 }],
          ...{ phase: 'edit', activity: 'writes the test', step: 3, steps: 7 },
          ...{ contextTokens: 160_000, contextLimit: 200_000 },
        }),
      ].map((one) => ({ ...one, time: at(2) })),
      { storeText: true },
    );
    expect(rowsOf(await ask({ view: 'live' }))).toEqual([
      {
        ...{ run: 'r', session: 's', user: 'Ann', user_id: 'ann', agent: 'builder-1', role: 'builder', repo: 'web' },
        ...{ model: 'gpt-5', state: 'running', queued_at: null, started_at: NOW - 12 * MINUTE, elapsed: 12 * MINUTE },
        ...{ last_heard_at: NOW - 2 * MINUTE, phase: 'edit', activity: 'writes the test', step: 3, steps: 7 },
        // 1.25 and 10 US dollars per million tokens
        ...{ total_tokens: 1_100_000, total_cost: 2.25, cost_estimated: false, context_use: 0.8 },
        url: 'https://example.org/r',
      },
    ]);
    const byTeam = { view: 'table', metrics: ['in_flight_runs_now', 'max_context_use_now'], groupBy: ['team', 'role'] };
    expect(rowsOf(await ask(byTeam))).toEqual([
      { team: 'core', role: 'builder', in_flight_runs_now: 1, max_context_use_now: 0.8 },
    ]);
    expect(rowsOf(await ask({ view: 'live', filters: { team: ['web'] } }))).toEqual([]);
  });

  it('of which only time and model are known cost the usual of the model, which no sum takes', async () => {
    const known = Array.from({ length: 19 }, (_, n) => ended(`k${n}`, 1_000 + n, '1.2')).flat();
    const open = [started('open', 5, { model: 'mystery-1' }), started('other', 5, { model: 'mystery-2' })];
    const costs = async (ask: Ask): Promise<unknown[]> =>
      rowsOf(await ask({ view: 'live', orderBy: 'run', direction: 'asc' })).map((row) => [
        row.run,
        row.total_cost,
        row.cost_estimated,
      ]);
    // one whose cost is unknown says nothing
    const few = await organization([...known, ...ended('unknown', 900, undefined), ...open]);
    expect(await costs(few)).toEqual([
      ['open', null, false],
      ['other', null, false],
    ]);
    // 1.2 US dollars in 10 minutes, half of it in 5
    const enough = await organization([...known, ...ended('k19', 900, '999'), ...open]);
    expect(await costs(enough)).toEqual([
      ['open', 0.6, true],
      ['other', null, false],
    ]);
    const [total] = rowsOf(await enough({ view: 'total', metrics: ['total_cost'] }));
    expect(total!.total_cost).toBeCloseTo(19 * 1.2 + 999, 9);
    const { frames } = await enough({ view: 'live' });
    expect(frames[0]!.schema.meta.notices).toEqual([
      { severity: 'info', text: "1 cost is estimated: the time so far at the usual rate of the run's model" },
    ]);
    // who shows the costs can mark them in their cells
    const { config } = frames[0]!.schema.fields.find(({ name }) => name === 'cost_estimated')!;
    expect(config).toEqual({ displayNameFromDS: 'Cost is estimated', custom: { estimates: 'total_cost' } });
  });

  it.each([
    ['series', { view: 'series', metrics: ['in_flight_runs_now'] }],
    ['compare', { view: 'total', metrics: ['stuck_runs_now'], compare: 'previous' }],
    ['an interval', { view: 'total', metrics: ['queued_runs_now'], interval: 'day' }],
    ['sparkline', { view: 'total', metrics: ['in_flight_runs_now'], sparkline: true }],
    ['series', { view: 'table', metrics: ['runs'], trend: 'stuck_runs_now', groupBy: ['role'] }],
  ])('take no %s', async (what, query) => {
    const ask = await organization([started('r', 1)]);
    const result = await ask(query);
    expect(result.status).toBe(400);
    expect(result.error).toMatch(new RegExp(`as of now, whatever the window: it takes no ${what}`));
  });
});
