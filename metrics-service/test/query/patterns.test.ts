import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf, type QueryResult } from './world.js';
import { testService, type TestService } from '../support/service.js';

/** A Sunday noon in Vienna; a week before, the clock there was an hour behind that of now. */
const NOW = Date.parse('2026-03-29T10:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK = 7 * 24 * HOUR;

let service: TestService;
let organizations = 0;
let runs = 0;
beforeAll(async () => {
  service = await testService({ clock: () => NOW });
});
afterAll(() => service.stop());

interface Told {
  status?: string;
  failureCategory?: string;
  agent?: string;
  session?: string;
  costUsd?: number;
}

function run(startedAt: number, { agent, session = 's', status = 'FAILED', ...outcome }: Told = {}): object[] {
  runs += 1;
  const event = (type: string, data: object) => ({
    ...{ specversion: '1.0', source: 'platform', id: `${type} ${runs}`, type },
    data: { runId: `r${runs}`, ...data },
  });
  const [from, to] = [startedAt, startedAt + MINUTE].map((at) => new Date(at).toISOString());
  return [
    event('run.started', { sessionId: session, startedAt: from, agent }),
    event('run.completed', { completedAt: to, status, ...outcome }),
  ];
}

async function organization(sent: object[]) {
  organizations += 1;
  const token = await service.organization(`patterns-${organizations}`, { timezone: 'Europe/Vienna' });
  await service.accept(token, sent);
  const ask = async (query: object): Promise<QueryResult> => {
    const body = { from: NOW - 1, to: NOW, queries: [{ refId: 'A', view: 'table', ...query }] };
    return (await service.request('/v1/query', { token, body })).body.results.A as QueryResult;
  };
  return Object.assign(ask, { send: (more: object[]) => service.accept(token, more) });
}

const times = (count: number, make: (index: number) => object[]): object[] =>
  Array.from({ length: count }, (_, index) => make(index)).flat();
const ofTools = { failureCategory: 'tool_error' };
const ofTests = { failureCategory: 'test_failure' };

describe('failure_pattern_now', () => {
  const byCategory = { metrics: ['failure_pattern_now'], groupBy: ['failure_category'] };

  it('is how many failed in the last hour: five of them, three times as many as in that hour of four weeks', async () => {
    const ask = await organization(
      [
        ...times(6, (n) => run(NOW - (n + 1) * MINUTE, ofTools)),
        // 8 in four weeks: 2 a week, of which 6 is three times as many
        ...times(4, (n) => run(NOW + HOUR - (n % 2 ? WEEK : 2 * WEEK) - (n + 1) * MINUTE, ofTools)),
        ...times(4, (n) => run(NOW + HOUR - 3 * WEEK - (n + 1) * MINUTE, ofTools)),
        ...times(5, (n) => run(NOW - HOUR + n, ofTests)),
        // an hour earlier, by the clock; and not failed
        ...times(9, (n) => run(NOW - WEEK - (n + 1) * MINUTE, ofTests)),
        ...times(9, (n) => run(NOW + HOUR - WEEK - (n + 1) * MINUTE, { status: 'CANCELED' })),
        ...times(4, (n) => run(NOW - (n + 1) * MINUTE, { failureCategory: 'network' })),
        run(NOW, { failureCategory: 'network' }),
        run(NOW - HOUR - 1, { failureCategory: 'network' }),
      ].flat(),
    );
    expect(rowsOf(await ask(byCategory))).toEqual([
      { failure_category: 'tool_error', failure_pattern_now: 6 },
      { failure_category: 'test_failure', failure_pattern_now: 5 },
      { failure_category: 'network', failure_pattern_now: 0 },
    ]);
  });

  it('is 0 where there were more than a third as many', async () => {
    const ask = await organization([
      ...times(6, (n) => run(NOW - (n + 1) * MINUTE, ofTools)),
      ...times(9, (n) => run(NOW + HOUR - 4 * WEEK - (n + 1) * MINUTE, ofTools)),
    ]);
    expect(rowsOf(await ask(byCategory))).toEqual([{ failure_category: 'tool_error', failure_pattern_now: 0 }]);
  });

  it('needs a category or a fingerprint, and now', async () => {
    const ask = await organization([]);
    expect(await ask({ ...byCategory, groupBy: ['team'] })).toMatchObject({
      error: 'metric failure_pattern_now needs groupBy ["failure_category"] or ["failure_fingerprint"]',
    });
    expect(await ask({ ...byCategory, view: 'series' })).toMatchObject({ status: 400 });
  });
});

describe('runaway_sessions_now', () => {
  const DAY = 24 * HOUR;
  const inSession = (session: string, startedAt: number, costUsd?: number): object[] =>
    run(startedAt, { session, status: 'SUCCEEDED', ...(costUsd === undefined ? {} : { costUsd }) });
  const bySession = { metrics: ['runaway_sessions_now'], groupBy: ['session'] };

  it('is those that cost more in an hour than nearly all in a month, and more than 5 USD', async () => {
    const ask = await organization([
      // of 201 sessions the 99th percentile is the third dearest: 6 USD
      ...times(198, (n) => inSession(`usual-${n}`, NOW - DAY - n * MINUTE, 6)),
      ...inSession('dear', NOW - 59 * MINUTE, 3.5),
      ...inSession('dear', NOW - MINUTE, 3.25),
      ...inSession('dear', NOW - MINUTE),
      ...inSession('dear-all-day', NOW - 2 * HOUR, 40),
      ...inSession('dear-all-day', NOW - MINUTE, 6),
      ...inSession('unknown', NOW - MINUTE),
      ...inSession('one-more', NOW - MINUTE, 5.5),
      ...inSession('long-ago', NOW - 31 * DAY, 900),
    ]);
    expect(rowsOf(await ask(bySession))).toEqual([{ session: 'dear', runaway_sessions_now: 1 }]);
    expect(rowsOf(await ask({ metrics: ['runaway_sessions_now'] }))).toEqual([{ runaway_sessions_now: 1 }]);
    expect(rowsOf(await ask({ ...bySession, groupBy: [], filters: { repo: ['x'] } }))).toEqual([
      { runaway_sessions_now: 0 },
    ]);
  });

  it('is none of 5 USD, however cheap all others are', async () => {
    const ask = await organization([
      ...times(150, (n) => inSession(`usual-${n}`, NOW - DAY - n * MINUTE, 0.01)),
      ...inSession('five', NOW - MINUTE, 5),
    ]);
    expect(rowsOf(await ask({ metrics: ['runaway_sessions_now'] }))).toEqual([{ runaway_sessions_now: 0 }]);
    expect(await ask({ ...bySession, groupBy: ['agent'] })).toMatchObject({ status: 400 });
  });
});

describe('chronic_burn', () => {
  it('is what those cost in 14 days who did not succeed once', async () => {
    const DAYS = 24 * HOUR;
    const ask = await organization([
      ...run(NOW - MINUTE, { agent: 'stubborn', costUsd: 2 }),
      ...run(NOW - 14 * DAYS, { agent: 'stubborn', costUsd: 3, status: 'TIMEOUT' }),
      ...run(NOW - 14 * DAYS - 1, { agent: 'stubborn', status: 'SUCCEEDED', costUsd: 50 }),
      ...run(NOW - MINUTE, { agent: 'lucky', costUsd: 7 }),
      ...run(NOW - 3 * DAYS, { agent: 'lucky', costUsd: 1, status: 'SUCCEEDED' }),
      ...run(NOW - MINUTE, { agent: 'unknown' }),
    ]);
    const burnt = await ask({ metrics: ['chronic_burn'], groupBy: ['agent'] });
    expect(rowsOf(burnt)).toEqual([
      { agent: 'stubborn', chronic_burn: 5 },
      { agent: 'lucky', chronic_burn: 0 },
      { agent: 'unknown', chronic_burn: null },
    ]);
    expect(await ask({ metrics: ['chronic_burn'] })).toMatchObject({ status: 400 });
  });
});

describe('burn_rate_now', () => {
  const told = (type: string, id: string, data: object): object => ({
    ...{ specversion: '1.0', source: 'platform', id, type },
    data,
  });
  const ago = (minutes: number): string => new Date(NOW - minutes * MINUTE).toISOString();
  const model = 'claude-sonnet-4-6';
  const started = (runId: string): object =>
    told('run.started', `${runId} started`, { runId, sessionId: 'burn', startedAt: ago(60), model });
  /** 3 USD a million tokens */
  const used = (runId: string, minutes: number, millions: number, more: object = {}): object => ({
    ...told('run.progressed', `${runId} ${minutes}`, {
      ...{ runId, at: ago(minutes) },
      usage: [{ model, inputTokens: millions * 1_000_000, outputTokens: 0 }],
    }),
    ...more,
  });
  const call = (runId: string, minutes: number, costUsd: number): object =>
    told('llm_call.recorded', `${runId} call ${minutes}`, {
      ...{ callId: `${runId} ${minutes}`, runId, sessionId: 'burn', at: ago(minutes), model, costUsd },
      usage: { inputTokens: 1, outputTokens: 1 },
    });
  const burn = async (ask: Awaited<ReturnType<typeof organization>>) => {
    const answer = await ask({ view: 'total', metrics: ['burn_rate_now'], explain: true });
    const { engine } = answer.frames[0]!.schema.meta.custom as { engine: { steps: { reads: string[] }[] } };
    return [rowsOf(answer)[0]!.burn_rate_now, engine.steps.some(({ reads }) => reads.includes('events'))];
  };

  it('is found by the rows of runs in flight, in whatever order they were told of', async () => {
    const events = [
      ...[started('usage'), used('usage', 25, 1), used('usage', 12, 2), used('usage', 8, 3), used('usage', 1, 5)],
      ...[started('calls'), call('calls', 25, 7), call('calls', 9, 0.5), call('calls', 2, 1.5)],
      // what was told later of an earlier moment counts from that moment on
      ...[started('again'), used('again', 11, 9, { time: ago(0) }), used('again', 5, 1)],
      started('silent'),
    ];
    const isOfLog = false;
    // (5 - 2) million tokens are 9 USD, and the calls cost 2
    const expected = [(9 + 2) * 6, isOfLog];
    for (const order of [events, events.toReversed()]) {
      const ask = await organization([]);
      for (const one of order) await ask.send([one]);
      expect(await burn(ask)).toEqual(expected);
    }
    expect(await burn(await organization(events))).toEqual(expected);
  });

  it('is found by the log where a run has ended, or was told of ahead of the clock', async () => {
    const end = { runId: 'ended', completedAt: ago(3), status: 'SUCCEEDED', costUsd: 4 };
    const ask = await organization([started('ended'), used('ended', 20, 1), told('run.completed', 'end', end)]);
    expect(await burn(ask)).toEqual([6, true]);
    const early = await organization([started('early'), used('early', 20, 1), used('early', -5, 2)]);
    expect(await burn(early)).toEqual([0, true]);
  });
});
