/** A made-up organization for benchmarks: the same events for the same arguments. */
export interface BenchEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  time: string;
  data: Record<string, unknown>;
}

export interface BenchOptions {
  users?: number;
  sessionEveryMs?: number;
}

export const BENCH_START_MS = Date.UTC(2026, 0, 1);
const MODELS = ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5'];
const STATUSES = ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'SUCCEEDED', 'CANCELED', 'SUCCEEDED', 'TIMEOUT'];
const MINUTE_MS = 60_000;

/**
 * Sessions one after the other: created, then four times a message, a run with three calls and its outcome, and now
 * and then a handoff. `users` people share them.
 */
export function* benchEvents(options: BenchOptions = {}): Generator<BenchEvent> {
  const { users = 200, sessionEveryMs = MINUTE_MS } = options;
  const event = eventMaker();
  for (let session = 0; ; session += 1) {
    const sessionId = `session-${session}`;
    const openedMs = BENCH_START_MS + session * sessionEveryMs;
    yield event('session.created', openedMs, {
      sessionId,
      createdByUserId: `user-${session % users}`,
      createdAt: iso(openedMs),
      repo: `repo-${session % 12}`,
      runtime: session % 3 === 0 ? 'codex' : 'claude-code',
    });
    for (let turn = 0; turn < 4; turn += 1) {
      const runId = `run-${session}-${turn}`;
      const atMs = openedMs + turn * 5 * MINUTE_MS;
      const model = MODELS[(session + turn) % MODELS.length]!;
      yield event('message.created', atMs, {
        messageId: `message-${session}-${turn}`,
        sessionId,
        role: 'user',
        sentAt: iso(atMs),
      });
      yield event('run.started', atMs, {
        runId,
        sessionId,
        startedAt: iso(atMs),
        queueWaitMs: (session * 37) % 4_000,
        model,
      });
      for (let call = 0; call < 3; call += 1) {
        const calledMs = atMs + call * 10_000;
        yield event('llm_call.recorded', calledMs, {
          callId: `call-${session}-${turn}-${call}`,
          sessionId,
          at: iso(calledMs),
          model,
          usage: {
            inputTokens: 10_000 + session,
            outputTokens: 500 + call,
            cacheReadTokens: 8_000,
            cacheWriteTokens: 1_000,
          },
        });
      }
      yield event('run.completed', atMs + MINUTE_MS + session, {
        runId,
        completedAt: iso(atMs + MINUTE_MS + session),
        status: STATUSES[(session * 4 + turn) % STATUSES.length],
        artifacts: { filesChanged: turn, linesAdded: session % 100, linesDeleted: turn },
      });
    }
    if (session % 5 === 0) {
      const atMs = openedMs + 7 * MINUTE_MS;
      yield event('handoff.created', atMs, {
        handoffId: `handoff-${session}`,
        sessionId,
        occurredAt: iso(atMs),
        method: 'TELEPORT',
      });
    }
  }
}

/** Makes events one after the other, each with an id of its own. */
export function eventMaker(): (type: string, atMs: number, data: Record<string, unknown>) => BenchEvent {
  let count = 0;
  return (type, atMs, data) => ({
    specversion: '1.0',
    id: `bench-${(count += 1)}`,
    source: 'urn:runboard:bench',
    type,
    time: iso(atMs),
    data,
  });
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The first `count` events as request bodies of `size` events. */
export function benchBodies(count: number, size: number, options: BenchOptions = {}): Generator<Buffer, void> {
  return bodiesOf(first(count, benchEvents(options)), size);
}

function* first<T>(count: number, items: Iterable<T>): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if ((taken += 1) > count) return;
    yield item;
  }
}

/** Events as request bodies of `size` events. */
export function* bodiesOf(events: Iterable<BenchEvent>, size: number): Generator<Buffer, void> {
  let batch: BenchEvent[] = [];
  for (const event of events) {
    batch.push(event);
    if (batch.length < size) continue;
    yield Buffer.from(JSON.stringify(batch));
    batch = [];
  }
  if (batch.length > 0) yield Buffer.from(JSON.stringify(batch));
}
