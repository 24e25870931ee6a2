import { bodiesOf, BENCH_START_MS, eventMaker, iso, type BenchEvent } from './events.js';
import { percentile } from './percentile.js';
import { sendBodies } from './send.js';
import type { BenchService } from './service.js';

const RUNS = 2_000;
const MESSAGES = 5_000;
const PHASES = ['plan', 'edit', 'test'];
const RUN_EVERY_MS = 60_000;
const SESSION_ID = 'a long session';

export interface TimelineFigures {
  runs: number;
  messages: number;
  spans: number;
  bytes: number;
  /** from the request to the last byte of the answer: the median, and the longest after a warm-up request */
  medianMs: number;
  mostMs: number;
}

/** Sends one long session through the ordinary ingest, and asks for its timeline through HTTP. */
export async function benchTimeline(service: BenchService, { rounds = 30 } = {}): Promise<TimelineFigures> {
  await sendBodies(service, bodiesOf(sessionEvents(), 1_000), { senders: 4 });
  const times: number[] = [];
  let [bytes, spans] = [0, 0];
  for (let round = 0; round <= rounds; round += 1) {
    const start = performance.now();
    const answer = await ask(service);
    times.push(performance.now() - start);
    bytes = answer.length;
    spans = (JSON.parse(answer) as Answer).results.A.frames[0].data.values[0].length;
  }
  const sorted = times.slice(1).sort((a, b) => a - b);
  return {
    runs: RUNS,
    messages: MESSAGES,
    spans,
    bytes,
    medianMs: percentile(sorted, 0.5),
    mostMs: sorted.at(-1)!,
  };
}

interface Answer {
  results: { A: { frames: [{ data: { values: [unknown[]] } }] } };
}

async function ask({ url, token }: BenchService): Promise<string> {
  const query = { refId: 'A', view: 'timeline', filters: { session: [SESSION_ID] } };
  const window = { from: BENCH_START_MS, to: BENCH_START_MS + RUNS * RUN_EVERY_MS };
  const response = await fetch(`${url}/v1/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...window, queries: [query] }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`the service answered ${response.status}: ${answer}`);
  return answer;
}

function* sessionEvents(): Generator<BenchEvent> {
  const event = eventMaker();
  const user = { userId: 'user-1' };
  yield event('user.upserted', BENCH_START_MS, { ...user, name: 'Ada Example' });
  yield event('session.created', BENCH_START_MS, {
    sessionId: SESSION_ID,
    createdByUserId: user.userId,
    createdAt: iso(BENCH_START_MS),
    repo: 'web',
  });
  for (let message = 0; message < MESSAGES; message += 1) {
    const atMs = BENCH_START_MS + (message * RUNS * RUN_EVERY_MS) / MESSAGES;
    const role = message % 2 === 0 ? 'user' : 'agent';
    yield event('message.created', atMs, {
      messageId: `message-${message}`,
      sessionId: SESSION_ID,
      role,
      sentAt: iso(atMs),
    });
  }
  for (let run = 0; run < RUNS; run += 1) yield runEvent(event, run);
}

function runEvent(event: ReturnType<typeof eventMaker>, run: number): BenchEvent {
  const startedMs = BENCH_START_MS + run * RUN_EVERY_MS;
  const at = (phase: number): string => iso(startedMs + phase * 15_000);
  const failed = run % 7 === 0;
  return event('run.completed', startedMs + 50_000, {
    runId: `run-${run}`,
    sessionId: SESSION_ID,
    startedAt: iso(startedMs),
    completedAt: at(PHASES.length),
    status: failed ? 'FAILED' : 'SUCCEEDED',
    ...(failed ? { failureCategory: 'test_failure', errorSummary: `3 of ${run} tests failed` } : {}),
    usage: [{ model: 'claude-sonnet-4-6', inputTokens: 40_000 + run, outputTokens: 900 }],
    phases: PHASES.map((name, index) => ({ name, startedAt: at(index), completedAt: at(index + 1) })),
  });
}
