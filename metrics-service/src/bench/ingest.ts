import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { BenchService } from './service.js';
import type { SenderOptions } from './sender.js';

const TABLES = ['events', 'users', 'sessions', 'messages', 'handoffs', 'runs', 'llm_calls', 'run_models'];

export interface IngestFigures {
  events: number;
  rows: number;
  ingestSeconds: number;
  copySeconds: number;
  /** events a second through HTTP ÷ the same events' rows a second by COPY; the goal is a third */
  ratio: number;
  maxMemoryMb: number;
}

/**
 * Sends events in batches through HTTP, then loads the rows that came of them by COPY into the same, emptied tables
 * with their indexes, and compares the speeds.
 */
export async function benchIngest(
  service: BenchService,
  { events = 200_000, batch = 1_000, senders = 4 } = {},
): Promise<IngestFigures> {
  const memory = watchMemory();
  const ingestMs = await sendAll({ address: service.address, token: service.token, events, batch, senders });
  const maxMemoryMb = memory.stop();
  const { rows, copyMs } = await copyAgain(service.owner);
  return {
    events,
    rows,
    ingestSeconds: ingestMs / 1_000,
    copySeconds: copyMs / 1_000,
    ratio: copyMs / ingestMs,
    maxMemoryMb,
  };
}

async function sendAll(options: SenderOptions): Promise<number> {
  const worker = new Worker(new URL('./sender.js', import.meta.url), { workerData: options });
  const failed = once(worker, 'error').then(([error]) => Promise.reject(error as Error));
  await Promise.race([once(worker, 'message'), failed]);
  const start = performance.now();
  worker.postMessage('go');
  await Promise.race([once(worker, 'message'), failed]);
  const elapsed = performance.now() - start;
  await worker.terminate();
  return elapsed;
}

/** Copies every table out, empties it, and times copying it in. */
async function copyAgain(owner: pg.Client): Promise<{ rows: number; copyMs: number }> {
  const copies = new Map<string, Buffer>();
  for (const table of TABLES) {
    const sink = new PassThrough();
    const chunks: Buffer[] = [];
    sink.on('data', (chunk: Buffer) => chunks.push(chunk));
    await pipeline(owner.query(copyTo(`copy ${table} to stdout`)), sink);
    copies.set(table, Buffer.concat(chunks));
  }
  await owner.query(`truncate ${TABLES.join(', ')}`);
  await owner.query('checkpoint').catch(() => {}); // needs a privilege that an owner may lack
  let rows = 0;
  const start = performance.now();
  for (const [table, copy] of copies) {
    const stream = owner.query(copyFrom(`copy ${table} from stdin`));
    stream.end(copy);
    await finished(stream);
    rows += stream.rowCount;
  }
  return { rows, copyMs: performance.now() - start };
}

function watchMemory(): { stop(): number } {
  let most = 0;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage().rss);
  };
  const timer = setInterval(look, 50);
  return {
    stop() {
      look();
      clearInterval(timer);
      return most / 1024 / 1024;
    },
  };
}
