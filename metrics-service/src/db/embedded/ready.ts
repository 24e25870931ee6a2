import type { ChildProcess } from 'node:child_process';
import pg from 'pg';
import { Failure } from '../../failure.js';
import { asSuperuser, type Cluster } from './cluster.js';
import type { StartLog } from './start-log.js';

const LOOK_EVERY_MS = 50;
const TELL_AFTER_MS = 10_000;
const TELL_EVERY_MS = 30_000;

export interface Starting {
  cluster: Cluster;
  port: number;
  child: ChildProcess;
  log: StartLog;
  /** called with what it waits for, if that takes long */
  onWaiting: (line: string) => void;
  /**
   * Recovery after a crash may take minutes, but reports its progress every ten seconds. A server silent for this long
   * hangs.
   */
  hangsAfterMs: number;
}

/** Resolves when the server takes connections, when its process has ended, or when it hangs. @throws Failure */
export async function untilReady(starting: Starting): Promise<'ready' | 'ended' | 'hangs'> {
  const { child, log, onWaiting, hangsAfterMs } = starting;
  let tellAt = performance.now() + TELL_AFTER_MS;
  let progress = { lines: 0, at: performance.now() };
  while (child.exitCode === null && child.signalCode === null) {
    if (await takesConnections(starting)) return 'ready';
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const now = performance.now();
    if (now < Math.min(tellAt, progress.at + hangsAfterMs)) continue;
    const lines = (await log.lines()).filter((line) => !/the database system is /.test(line));
    if (lines.length > progress.lines) progress = { lines: lines.length, at: now };
    if (now >= progress.at + hangsAfterMs) return 'hangs';
    if (now < tellAt) continue;
    tellAt = now + TELL_EVERY_MS;
    onWaiting(`The database is still starting: ${lines.at(-1)?.replace(/^LOG: +/, '') ?? 'it has said nothing yet'}`);
  }
  return 'ended';
}

async function takesConnections({ cluster, port }: Starting): Promise<boolean> {
  const client = new pg.Client({ ...asSuperuser(cluster, port), connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') return false;
    throw new Failure('the database does not take the password in the data folder: it is not the one it was made with');
  } finally {
    await client.end().catch(() => {});
  }
}
