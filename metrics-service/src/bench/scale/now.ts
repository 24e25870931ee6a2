import { METRICS } from '../../catalogue/index.js';
import type { Database } from '../../db/database.js';
import { createIngest } from '../../ingest/index.js';
import { DIRECTORY } from '../../ingest/rights.js';
import { loadPrices } from '../../pricing/index.js';
import { answerRequest } from '../../query/index.js';
import { eventMaker, iso, type BenchEvent } from '../events.js';
import { median } from '../percentile.js';
import { timedDatabase } from '../timed-database.js';

/** Runs that are open beside those that have ended. */
export const OPEN_RUNS = 2_000;
const MINUTE_MS = 60_000;
const MODELS = ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5'];
const ROUNDS = 9;

/** What is asked as of now, by what it is called in the report. */
const QUESTIONS: Readonly<Record<string, object>> = {
  'metrics of open runs': {
    view: 'total',
    metrics: METRICS.filter(({ value }) => value.base === 'live').map(({ id }) => id),
  },
  'the same by team': { view: 'table', metrics: ['in_flight_runs_now', 'stuck_runs_now'], groupBy: ['team'] },
  burn_rate_now: { view: 'total', metrics: ['burn_rate_now'] },
  failure_pattern_now: { view: 'table', metrics: ['failure_pattern_now'], groupBy: ['failure_category'] },
  runaway_sessions_now: { view: 'total', metrics: ['runaway_sessions_now'] },
  'first 100 open runs': { view: 'live', limit: 100 },
};

/** Adds open runs as they are told of up to `nowMs`: some queue, some are silent; what they cost by now is known of all others. */
export async function openRuns(database: Database, orgId: string, nowMs: number): Promise<void> {
  const services = { database, prices: loadPrices(), maxDeadLetters: 0, clock: () => nowMs };
  const { ingest } = createIngest(services);
  const events = [...openRunEvents(nowMs)];
  for (let from = 0; from < events.length; from += 1_000) {
    const { rejected } = await ingest(orgId, events.slice(from, from + 1_000), DIRECTORY);
    if (rejected.length > 0) throw new Error(JSON.stringify(rejected[0]));
  }
}

function* openRunEvents(nowMs: number): Generator<BenchEvent> {
  const event = eventMaker();
  for (let number = 0; number < OPEN_RUNS; number += 1) {
    const ids = { runId: `open-${number}`, sessionId: `open-session-${number}` };
    const startedMs = nowMs - (30 + (number % 300)) * MINUTE_MS;
    const who = {
      createdByUserId: `user-${number % 2_000}`,
      createdAt: iso(startedMs),
      repo: `acme/repo-${number % 200}`,
    };
    yield event('session.created', startedMs, { sessionId: ids.sessionId, ...who });
    if (number % 10 === 0) {
      yield event('run.queued', startedMs, { ...ids, queuedAt: iso(startedMs) });
      continue;
    }
    const model = MODELS[number % MODELS.length]!;
    yield event('run.started', startedMs, { ...ids, startedAt: iso(startedMs), model });
    if (number % 10 === 1) continue;
    for (const minutes of [25, 15, 8, 1]) {
      const atMs = nowMs - minutes * MINUTE_MS;
      const used = { inputTokens: 1_000_000 - minutes * 10_000, outputTokens: 30_000 - minutes * 500 };
      const told = { ...ids, at: iso(atMs) };
      yield number % 2 === 0
        ? event('llm_call.recorded', atMs, { ...told, callId: `open-${number}-${minutes}`, model, usage: used })
        : event('run.progressed', atMs, {
            runId: ids.runId,
            at: told.at,
            usage: [{ model, ...used }],
            contextTokens: 90_000,
            contextLimit: 200_000,
          });
    }
  }
}

/**
 * The median time of each question in the database, ms.
 * @throws where one cannot be answered
 */
export async function timesOfNow(database: Database, orgId: string, nowMs: number): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  const timed = timedDatabase(database);
  for (const [name, query] of Object.entries(QUESTIONS)) {
    const found: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = timed.ms();
      const now = nowMs + round;
      const body = { from: now - MINUTE_MS, to: now, queries: [{ refId: 'A', ...query }] };
      const { results } = await answerRequest(timed.database, { orgId, viewer: null }, body, now);
      if (results.A!.status !== 200) throw new Error(JSON.stringify(results.A));
      found.push(timed.ms() - before);
    }
    times[name] = median(found);
  }
  return times;
}
