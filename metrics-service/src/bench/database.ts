import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Database } from '../db/database.js';
import { dropDatabase } from '../db/drop-database.js';
import { startEmbedded } from '../db/embedded/index.js';
import { migrate } from '../db/migrate.js';
import { openDatabase } from '../db/pool.js';

export interface BenchDatabase {
  url: string;
  /** with the service's role, from this process */
  database: Database;
  /** a connection that owns the tables: it may COPY and vacuum */
  owner: pg.Client;
  remove(): Promise<void>;
}

/**
 * An empty, migrated database: an embedded one in a temporary folder, or a new one on the server of `databaseUrl`.
 * `remove` deletes it.
 */
export async function makeBenchDatabase(databaseUrl: string | undefined): Promise<BenchDatabase> {
  const made = databaseUrl === undefined ? await embedded() : await beside(databaseUrl);
  await migrate(made.url);
  const database = openDatabase({ connectionString: made.url, size: 4, statementTimeoutMs: 600_000 });
  const owner = new pg.Client({ connectionString: made.url });
  await owner.connect();
  return {
    url: made.url,
    database,
    owner,
    async remove() {
      await owner.end();
      await database.close();
      await made.remove();
    },
  };
}

interface Made {
  url: string;
  remove(): Promise<void>;
}

async function embedded(): Promise<Made> {
  const dataDir = await mkdtemp(join(tmpdir(), 'runboard-bench-'));
  // as root the server runs as an OS user of its own, which must pass: else its files lie, and stay, elsewhere
  await chmod(dataDir, 0o711);
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
      await dropDatabase(admin, name);
      await admin.end();
    },
  };
}
