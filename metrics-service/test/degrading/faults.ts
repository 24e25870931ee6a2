import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { OwnPostgres } from './own-postgres.js';
import type { Proxy } from './proxy.js';
import { until } from './until.js';

export interface Surroundings {
  postgres: OwnPostgres;
  proxy: Proxy;
  /** where the database's files lie */
  dataDir: string;
}

/** Something that happens to a database, and what is said of it meanwhile. */
export interface Fault {
  name: string;
  /** Makes it happen; answers what ends it. */
  begin(surroundings: Surroundings): Promise<() => Promise<unknown>>;
  reason: RegExp;
  /** whether questions are answered nevertheless; null: as it comes */
  questions?: boolean | null;
}

export const FAULTS: Fault[] = [
  {
    name: 'is killed, and started again later',
    async begin({ postgres }) {
      await postgres.signal('SIGKILL');
      return () => postgres.restart();
    },
    reason: /cannot be reached|connection was lost|starting or stopping|being stopped/,
  },
  {
    name: 'hangs',
    async begin({ postgres }) {
      await postgres.signal('SIGSTOP');
      return () => postgres.signal('SIGCONT');
    },
    reason: /does not answer in time/,
  },
  {
    name: 'is behind a network that swallows everything',
    async begin({ proxy }) {
      proxy.hold();
      return async () => proxy.pass();
    },
    reason: /does not answer in time/,
  },
  {
    name: 'has no connection left',
    begin: takeAllConnections,
    reason: /has no connection left/,
  },
  {
    name: 'takes no writes',
    async begin({ postgres }) {
      const client = await postgres.superuser();
      await client.query('set default_transaction_read_only = off');
      const set = async (sql: string): Promise<void> => {
        await client.query(sql);
        await client.query('select pg_reload_conf()');
      };
      await set('alter system set default_transaction_read_only = on');
      return async () => {
        await set('alter system reset default_transaction_read_only');
        await client.end();
      };
    },
    reason: /takes no writes \(read-only\)/,
    questions: true,
  },
];

/** Others take what there is, and what the service has besides. */
async function takeAllConnections({ postgres }: Surroundings): Promise<() => Promise<unknown>> {
  const mine: pg.Client[] = [];
  const first = await postgres.superuser();
  for (;;) {
    const taken = await postgres.superuser().catch(() => null);
    if (taken) {
      mine.push(taken);
      continue;
    }
    const { rowCount } = await first.query(`
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where application_name = 'runboard'`);
    if (rowCount === 0) break;
  }
  return () => Promise.all([first, ...mine].map((client) => client.end()));
}

/** Fills the disk that the database lies on, and keeps it full: a server that recovers frees some of it. */
export const DISK_FULL: Fault = {
  name: 'has a full disk',
  async begin({ postgres, dataDir }) {
    const filler = await open(join(dataDir, 'filler'), 'a');
    const fill = async (): Promise<void> => {
      for (;;) if (!(await filler.write(ZEROS).catch(() => null))) return;
    };
    await fill();
    let isOver = false;
    const filling = (async () => {
      while (!isOver) await sleep(10).then(fill);
    })();
    return async () => {
      isOver = true;
      await filling;
      await filler.close();
      await rm(join(dataDir, 'filler'));
      await until(async () => {
        await postgres.restart();
        const client = await postgres.superuser().catch(() => null);
        await client?.end();
        return client !== null;
      });
    };
  },
  // a server that cannot even write its log ends, and comes back when there is room
  questions: null,
  reason: /disk is full|cannot be reached|connection was lost|starting or stopping/,
};

const ZEROS = Buffer.alloc(64 * 1024);

/** A disk of its own at that folder; answers what takes it away. Only root may make one. */
export function smallDisk(folder: string, megabytes: number): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'tmpfs', folder], { stdio: 'ignore' });
  return () => void execFileSync('umount', ['--lazy', folder]);
}

export function mayMakeDisks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'runboard-disk-'));
  try {
    smallDisk(folder, 1)();
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}
