import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { pino } from 'pino';
import { createOrganization } from '../access/organizations.js';
import { createToken } from '../access/tokens.js';
import { loadConfig } from '../config.js';
import type { Database } from '../db/database.js';
import { migrate, migrationNames } from '../db/migrate.js';
import { openDatabase } from '../db/pool.js';
import { createApp } from '../http/app.js';
import { createIngest } from '../ingest/index.js';
import { loadPrices } from '../pricing/index.js';

export interface BenchService {
  address: string;
  token: string;
  database: Database;
  /** a connection that owns the tables: it may COPY */
  owner: pg.Client;
  stop(): Promise<void>;
}

/** The service in this process, on a database of its own beside the one of `databaseUrl`, dropped at the end. */
export async function benchService(databaseUrl: string): Promise<BenchService> {
  const name = `runboard_bench_${randomBytes(4).toString('hex')}`;
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  const owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  const config = loadConfig({});
  const database = openDatabase({ connectionString: url.href, size: config.poolSize, statementTimeoutMs: 600_000 });
  await createOrganization(database, 'bench');
  const { token } = await createToken(database, 'bench', { name: 'bench', scopes: ['ingest', 'read'] });
  const app = createApp({
    config,
    database,
    ingest: createIngest({ database, prices: loadPrices(config.pricesFile), maxDeadLetters: config.maxDeadLetters }),
    clock: Date.now,
    log: pino({ level: 'silent' }),
    migrations: await migrationNames(),
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    database,
    owner,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.close();
      await owner.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
