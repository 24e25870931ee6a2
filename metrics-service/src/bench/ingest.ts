import { Agent, request } from 'node:http';
import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { benchBodies, type BenchOptions } from './events.js';
import type { BenchService } from './service.js';

const TABLES = ['events', 'users', 'sessions', 'messages', 'handoffs', 'runs', 'llm_calls', 'run_models'];

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
 * Sends events in batches through HTTP, then loads the rows that came of them by COPY into the same, emptied tables
 * with their indexes, and compares the speeds. The rows are there afterwards.
 */
export async function benchIngest(
  service: BenchService,
  load: Load,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<IngestFigures> {
  await service.mostMemoryMb();
  const ingestMs = await sendAll(service, load, onProgress);
  const serviceMemoryMb = await service.mostMemoryMb();
  const { rows, copyMs } = await copyAgain(service.owner);
  return {
    events: load.events,
    rows,
    ingestSeconds: ingestMs / 1_000,
    copySeconds: copyMs / 1_000,
    ratio: copyMs / ingestMs,
    serviceMemoryMb,
  };
}

/** Milliseconds that sending takes; the bodies are made beforehand. */
async function sendAll(
  service: BenchService,
  load: Load,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const bodies = [...benchBodies(load.events, load.batch, load)];
  const { length } = bodies;
  bodies.reverse();
  const agent = new Agent({ keepAlive: true, maxSockets: load.senders });
  const sender = async (): Promise<void> => {
    for (let body = bodies.pop(); body; body = bodies.pop()) {
      await post(service, agent, body);
      onProgress((length - bodies.length) * load.batch, load.events);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: load.senders }, sender));
  agent.destroy();
  return performance.now() - start;
}

function post({ url, token }: BenchService, agent: Agent, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    const sent = request(`${url}/v1/events`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`the service answered ${response.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
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
