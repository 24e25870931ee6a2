import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BenchDatabase } from './database.js';
import { bodiesOf, BENCH_START_MS, eventMaker, iso, type BenchEvent } from './events.js';
import { sendBodies } from './send.js';
import { withBenchService, type BenchService } from './service.js';

const ORG_ID = 'bench-export';
const SESSION_EVERY_MS = 5_000;
const MODELS = ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5'];
/** Exported first, so that what a process loads and compiles once does not count as growth. */
const WARM_UP_ROWS = 1_000;

export interface ExportFigures {
  sessions: number;
  megabytes: number;
  seconds: number;
  /** of the service, over what it held before */
  serviceGrowthMb: number;
  /** of `runboard export`, over what it holds for a thousand rows */
  commandGrowthMb: number;
}

/**
 * Sends sessions with a run each through the ordinary ingest, then writes all of them as CSV: by a restarted
 * service, so that memory used by ingest does not count, and by the command line.
 */
export async function benchExport(
  made: BenchDatabase,
  sessions: number,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<ExportFigures> {
  await withBenchService(made, ORG_ID, async (service) => {
    const onSent = (bodies: number): void => onProgress(bodies * 500, sessions);
    await sendBodies(service, bodiesOf(sessionEvents(sessions), 1_000), { senders: 4, onSent });
  });
  await made.owner.query('vacuum analyze');
  const ofService = await withBenchService(made, ORG_ID, (service) => downloadFrom(service, sessions));
  const few = await command(made, sessions, WARM_UP_ROWS);
  const all = await command(made, sessions, sessions);
  return { sessions, ...ofService, commandGrowthMb: all - few };
}

function windowOf(sessions: number): Record<'from' | 'to', string> {
  return { from: iso(BENCH_START_MS), to: iso(BENCH_START_MS + sessions * SESSION_EVERY_MS) };
}

async function downloadFrom(service: BenchService, sessions: number) {
  for (let round = 0; round < 3; round += 1) await download(service, sessions, WARM_UP_ROWS);
  const { now: before } = await service.memoryMb();
  const start = performance.now();
  const bytes = await download(service, sessions, sessions);
  const seconds = (performance.now() - start) / 1_000;
  const { most } = await service.memoryMb();
  return { megabytes: bytes / 1024 / 1024, seconds, serviceGrowthMb: most - before };
}

/** Downloads a file without keeping it; returns its size in bytes. */
async function download({ url, token }: BenchService, sessions: number, limit: number): Promise<number> {
  const { from, to } = windowOf(sessions);
  const parameters = { from: String(Date.parse(from)), to: String(Date.parse(to)), limit: String(limit) };
  const response = await fetch(`${url}/v1/export/sessions.csv?${new URLSearchParams(parameters).toString()}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`the service answered ${response.status}: ${await response.text()}`);
  return readRows(response.body!, limit);
}

async function readRows(chunks: AsyncIterable<Uint8Array>, expected: number): Promise<number> {
  let [bytes, lines] = [0, 0];
  for await (const chunk of chunks) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  if (lines !== expected + 1) throw new Error(`${lines - 1} rows instead of ${expected}`);
  return bytes;
}

/** Runs `runboard export`; returns its peak memory, in MB. */
async function command({ url }: BenchDatabase, sessions: number, limit: number): Promise<number> {
  const { from, to } = windowOf(sessions);
  const given = ['export', 'sessions', '--org', ORG_ID, '--from', from, '--to', to, '--limit', String(limit)];
  const child = fork(fileURLToPath(new URL('../cli/main.js', import.meta.url)), given, {
    execArgv: ['--import', new URL('./report-memory.js', import.meta.url).href],
    env: { DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let most = 0;
  child.on('message', (bytes) => (most = Math.max(most, bytes as number)));
  const ended = once(child, 'exit');
  await readRows(child.stdout!, limit);
  await ended;
  return most / 1024 / 1024;
}

function* sessionEvents(sessions: number): Generator<BenchEvent> {
  const event = eventMaker();
  for (let session = 0; session < sessions; session += 1) {
    const atMs = BENCH_START_MS + session * SESSION_EVERY_MS;
    const sessionId = `session-${session}`;
    yield event('session.created', atMs, {
      sessionId,
      createdByUserId: `user-${session % 1_000}`,
      createdAt: iso(atMs),
      repo: `repo-${session % 40}`,
      runtime: session % 3 === 0 ? 'codex' : 'claude-code',
    });
    yield event('run.completed', atMs + 1_000, {
      runId: `run-${session}`,
      sessionId,
      startedAt: iso(atMs),
      completedAt: iso(atMs + 1_000),
      status: session % 9 === 0 ? 'FAILED' : 'SUCCEEDED',
      usage: [{ model: MODELS[session % MODELS.length], inputTokens: 10_000 + session, outputTokens: 500 }],
    });
  }
}
