import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { ENTITIES } from '../entities/index.js';
import type { BenchDatabase } from './database.js';
import { benchBodies, type BenchOptions } from './events.js';
import { sendBodies } from './send.js';
import type { BenchService } from './service.js';

const TABLES = ['events', ...ENTITIES.flatMap(({ table, parts }) => [table, ...Object.keys(parts ?? {})])];

export interface IngestFigures {
  events: number;
  rows: number;
  ingestSeconds: number;
  copySeconds: number;
  /** the speed through HTTP ÷ the speed of COPY; the goal is a third */
  ratio: number;
  serviceMemoryMb: number;
}

interface Load extends BenchOptions {
  events: number;
  batch: number;
  senders: number;
}

/**
 * Sends events in batches through HTTP, then loads the resulting rows by COPY into the same tables, emptied but with
 * their indexes, and compares the speeds. The rows are kept.
 */
export async function benchIngest(
  { owner }: BenchDatabase,
  service: BenchService,
  load: Load,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<IngestFigures> {
  const ingestMs = await sendAll(service, load, onProgress);
  const { most: serviceMemoryMb } = await service.memoryMb();
  const { rows, copyMs } = await copyAgain(owner);
  return {
    events: load.events,
    rows,
    ingestSeconds: ingestMs / 1_000,
    copySeconds: copyMs / 1_000,
    ratio: copyMs / ingestMs,
    serviceMemoryMb,
  };
}

/** How long sending takes, in milliseconds; the bodies are made beforehand. */
async function sendAll(
  service: BenchService,
  load: Load,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const bodies = emptying([...benchBodies(load.events, load.batch, load)]);
  const onSent = (sent: number): void => onProgress(sent * load.batch, load.events);
  const start = performance.now();
  await sendBodies(service, bodies, { senders: load.senders, onSent });
  return performance.now() - start;
}

/** Yields the items and frees them one after the other. */
function* emptying<T>(items: T[]): Generator<T, void> {
  items.reverse();
  for (let item = items.pop(); item; item = items.pop()) yield item;
}

/** Copies every table out, empties it, and times copying it back in. */
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
