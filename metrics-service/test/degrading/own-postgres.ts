import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { openCluster, SUPERUSER } from '../../src/db/embedded/cluster.js';
import { startEmbedded } from '../../src/db/embedded/index.js';
import { startPostmaster, type Postmaster } from '../../src/db/embedded/postmaster.js';

export interface OwnPostgres {
  port: number;
  /** of its database's owner, as it is reached on that port */
  ownerUrl(port: number): string;
  superuser(): Promise<pg.Client>;
  /** Sends a signal to all of its processes. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again, on the same port, if it has ended. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A PostgreSQL whose end is not that of the test: durable, in that folder, with few connections. */
export async function ownPostgres(dataDir: string): Promise<OwnPostgres> {
  const embedded = await startEmbedded({ dataDir });
  await embedded.stop();
  const cluster = await openCluster(dataDir, { durable: true, onProgress: () => {} });
  const options = { logFile: join(dataDir, 'postgres.log'), settings: { max_connections: '30', max_wal_size: '64MB' } };
  let postmaster: Postmaster = await startPostmaster(cluster, options);
  let hasEnded = false;
  const watch = (): void => {
    hasEnded = false;
    void postmaster.ended.then(() => (hasEnded = true));
  };
  watch();
  const { port } = postmaster;
  return {
    port,
    ownerUrl: (at) => {
      const url = new URL(embedded.ownerUrl);
      url.port = String(at);
      return url.href;
    },
    async superuser() {
      const { superuser: password } = cluster.passwords;
      const client = new pg.Client({ host: '127.0.0.1', port, user: SUPERUSER, password, database: 'runboard' });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    async signal(signal) {
      const file = await readFile(join(cluster.data, 'postmaster.pid'), 'utf8');
      const pid = Number(file.split('\n')[0]);
      const children = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
        .split('\n')
        .map((line) => line.trim().split(/ +/).map(Number))
        .filter(([, parent]) => parent === pid)
        .map(([child]) => child!);
      for (const one of [pid, ...children]) process.kill(one, signal);
    },
    async restart() {
      if (!hasEnded) return;
      postmaster = await startPostmaster(cluster, { ...options, port });
      watch();
    },
    stop: () => postmaster.stop(),
  };
}
