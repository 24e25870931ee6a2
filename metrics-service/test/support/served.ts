import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { createOrganization } from '../../src/access/organizations.js';
import { createToken } from '../../src/access/tokens.js';
import { loadConfig, type Config } from '../../src/config.js';
import type { TokenScope } from '../../src/contract/access.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { testDatabase } from './database.js';

export interface Served extends RunningServer {
  /** a token of the organization `acme` */
  token: string;
  /** the owner's address of the database */
  databaseUrl: string;
  /** a bare connection to the service */
  connect(): Socket;
  /** the service's number of that name, as `/metrics` says it */
  metric(name: string): Promise<number>;
}

/** The service as `runboard serve` runs it, with its server's own limits, on a database of its own. */
export async function served(
  changes: Partial<Config> = {},
  scopes: TokenScope[] = ['ingest', 'directory', 'read'],
  clock = Date.now,
): Promise<Served> {
  const { url: databaseUrl, database, drop } = await testDatabase();
  await createOrganization(database, 'acme', { name: 'Acme Inc.' });
  const { token } = await createToken(database, 'acme', { name: 'test', scopes });
  const config = { ...loadConfig({}), port: 0, ...changes };
  const server = await startServer({ config, databaseUrl, clock, log: pino({ level: 'silent' }) });
  return {
    ...server,
    token,
    databaseUrl,
    connect: () => connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => {}),
    async metric(name) {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)![1]);
    },
    async stop() {
      await server.stop();
      await drop();
    },
  };
}

/** Waits until it is so, for a minute at most. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (let attempt = 0; attempt < 1200; attempt += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come to that');
}
