import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Database } from '../db/database.js';
import { startEmbedded } from '../db/embedded/index.js';
import { migrate } from '../db/migrate.js';
import { openDatabase } from '../db/pool.js';

export interface BenchService {
  url: string;
  token: string;
  /** the same database, from this process */
  database: Database;
  /** a connection that owns the tables: it may COPY */
  owner: pg.Client;
  /** most memory the service's process held since the last call, in MB */
  mostMemoryMb(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * The service in a process of its own, on an empty database: an embedded one in a temporary folder, or one made
 * beside that of `databaseUrl`. Both are removed at the end.
 */
export async function startBenchService(databaseUrl: string | undefined): Promise<BenchService> {
  const made = databaseUrl === undefined ? await embedded() : await beside(databaseUrl);
  await migrate(made.url);
  const child = fork(fileURLToPath(new URL('./service-process.js', import.meta.url)), [made.url]);
  const { url, token } = await answerOf<{ url: string; token: string }>(child);
  const database = openDatabase({ connectionString: made.url, size: 4, statementTimeoutMs: 600_000 });
  const owner = new pg.Client({ connectionString: made.url });
  await owner.connect();
  return {
    url,
    token,
    database,
    owner,
    async mostMemoryMb() {
      child.send('memory');
      return (await answerOf<{ mostMemory: number }>(child)).mostMemory / 1024 / 1024;
    },
    async stop() {
      await owner.end();
      await database.close();
      child.kill('SIGTERM');
      await once(child, 'exit');
      await made.remove();
    },
  };
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the service of the benchmark ended')));
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Answer];
  return answer;
}

interface Made {
  url: string;
  remove(): Promise<void>;
}

async function embedded(): Promise<Made> {
  const dataDir = await mkdtemp(join(tmpdir(), 'runboard-bench-'));
  const { ownerUrl, stop } = await startEmbedded({ dataDir });
  return {
    url: ownerUrl,
    async remove() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function beside(databaseUrl: string): Promise<Made> {
  const name = `runboard_bench_${randomBytes(4).toString('hex')}`;
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async remove() {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
