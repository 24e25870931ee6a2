import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, statfs, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Failure } from '../../failure.js';
import { commandLine, gone, isAlive } from '../../processes.js';
import { ENVIRONMENT, type Cluster } from './cluster.js';
import { guard, type Guard } from './guard.js';
import { untilReady, type Starting } from './ready.js';
import { StartLog } from './start-log.js';

/** A running PostgreSQL server process, a child of this one. */
export interface Postmaster {
  port: number;
  /** resolves when the process has ended, for whatever reason */
  ended: Promise<void>;
  /** `fast` ends connections and writes everything out; `immediate` leaves recovery to the next start */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
}

/** How long a server may make no progress before it is ended and restarted; how often a running one is checked. */
export interface Patience {
  hangsAfterMs: number;
  lookAgainMs: number;
}

export interface StartOptions {
  logFile: string;
  /** the port to take again after a crash; without it any free one */
  port?: number;
  settings?: Record<string, string>;
  /** removed by the guard when this process dies without stopping the database */
  temporaryFolder?: string;
  /** it ran a moment ago and is being restarted */
  ranBefore?: boolean;
  patience?: Patience;
  /** called with what a start waits for, if that takes long */
  onWaiting?: (line: string) => void;
}

const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  synchronous_commit: 'on',
  shared_buffers: '256MB',
  max_connections: '100',
  jit: 'off',
  log_checkpoints: 'off',
  // its error texts quote values; the service logs unexpected errors without them
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
};

const ATTEMPTS = 20;
/**
 * Failures worth another try: the port was taken, the processes of a killed server are still ending, or it was killed
 * while starting.
 */
const HANGS = 'it got no further';
const PASSING =
  /it got no further|Address already in use|could not create any TCP|shared memory block|lock file|terminated by signal|ended by SIG/;
/** Recovery says nothing while it syncs and writes at its end; that takes far less than this. */
const PATIENCE: Patience = { hangsAfterMs: 90_000, lookAgainMs: 15_000 };

/** Starts the cluster's server on 127.0.0.1 and resolves when it takes connections. */
export async function startPostmaster(cluster: Cluster, options: StartOptions): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    await endLeftOver(cluster);
    const { hangsAfterMs, lookAgainMs } = options.patience ?? PATIENCE;
    const patience = { hangsAfterMs: hangsAfterMs * 2 ** (attempt - 1), lookAgainMs };
    const started = await attemptStart(cluster, options, patience);
    if ('port' in started) return started;
    // its data and settings worked a moment ago: what fails now is temporary
    const mayPass = options.ranBefore === true || PASSING.test(started.complaint);
    if (!mayPass || attempt === ATTEMPTS) {
      throw new Failure(
        `the database does not start: ${started.complaint || 'no reason given'} (log: ${options.logFile})`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function attemptStart(
  cluster: Cluster,
  options: StartOptions,
  patience: Patience,
): Promise<Postmaster | { complaint: string }> {
  const port = options.port ?? (await freePort());
  const log = await StartLog.begin(options.logFile);
  const settings = { ...(await sharedMemory()), log_line_prefix: log.linePrefix, ...options.settings };
  const child = launch(cluster, port, { ...options, settings });
  const guarded = child.pid === undefined ? undefined : guard(child.pid, options.temporaryFolder);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const failed = new Promise<Error>((resolve) => child.once('error', resolve));
  const { hangsAfterMs } = patience;
  const starting: Starting = { cluster, port, child, log, hangsAfterMs, onWaiting: options.onWaiting ?? (() => {}) };
  const ready = await Promise.race([untilReady(starting), failed]).catch(async (error: unknown) => {
    await stop(child, 'fast', guarded);
    throw error;
  });
  if (ready === 'ready') {
    attend(starting, ended, patience.lookAgainMs);
    return { port, ended, stop: (how = 'fast') => stop(child, how, guarded) };
  }
  if (ready === 'hangs') await stop(child, 'immediate');
  guarded?.dismiss();
  if (ready instanceof Error) return { complaint: ready.message };
  if (ready === 'hangs') return { complaint: `${HANGS}: ${(await log.lines()).at(-1) ?? 'it said nothing'}` };
  if (child.signalCode !== null) return { complaint: `it was ended by ${child.signalCode}` };
  return { complaint: await log.complaint() };
}

/**
 * Checks now and then that the server accepts connections. After one of its processes is killed it recovers by itself,
 * but that has been seen to hang. A hanging server is ended; whoever waits for its end restarts it.
 */
function attend(starting: Starting, ended: Promise<void>, lookAgainMs: number): void {
  const { child } = starting;
  let isEnded = false;
  void ended.then(() => (isEnded = true));
  const look = async (): Promise<void> => {
    const found = await untilReady(starting).catch(() => 'ended');
    if (found === 'hangs') await stop(child, 'immediate');
    if (!isEnded) setTimeout(() => void look(), lookAgainMs).unref();
  };
  setTimeout(() => void look(), lookAgainMs).unref();
}

/** A process group of its own: Ctrl-C in the terminal must not reach it before the service has drained. */
function launch(cluster: Cluster, port: number, options: StartOptions): ChildProcess {
  const settings = Object.entries({ ...SETTINGS, ...options.settings, port: String(port) });
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    return spawn(
      join(cluster.binaries, 'bin', 'postgres'),
      ['-D', cluster.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { ...cluster.user, cwd: '/', env: ENVIRONMENT, detached: true, stdio: ['ignore', log, log] },
    );
  } finally {
    closeSync(log);
  }
}

/** Containers give 64 MB of shared memory by default, too little for parallel queries: use files instead. */
async function sharedMemory(): Promise<Record<string, string>> {
  const { bsize, blocks } = await statfs('/dev/shm').catch(() => ({ bsize: 0, blocks: 0 }));
  const isSmall = process.platform === 'linux' && bsize * blocks < 256 * 1024 * 1024;
  return isSmall ? { dynamic_shared_memory_type: 'mmap' } : {};
}

async function stop(child: ChildProcess, how: 'fast' | 'immediate', guarded?: Guard): Promise<void> {
  const signals: [NodeJS.Signals, number][] = [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ];
  for (const [signal, waitMs] of how === 'fast' ? signals : signals.slice(1)) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    child.kill(signal);
    if (await endsWithin(child, waitMs)) break;
  }
  guarded?.dismiss();
}

function endsWithin(child: ChildProcess, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/**
 * Stops the server that a killed service left running. If it is gone, its process id may belong to another program or a
 * zombie now: PostgreSQL must not take that for a server (it still checks the shared memory that the file names).
 */
async function endLeftOver(cluster: Cluster): Promise<void> {
  const path = join(cluster.data, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (isAlive(pid) && (await commandLine(pid))?.includes(`postgres -D ${cluster.data} `)) {
    for (const [signal, waitMs] of [
      ['SIGINT', 20_000],
      ['SIGQUIT', 5_000],
      ['SIGKILL', 5_000],
    ] as const) {
      try {
        process.kill(pid, signal);
      } catch {
        return;
      }
      if (await gone(pid, waitMs)) return;
    }
    throw new Failure(`the database that runs on ${cluster.data} already (process ${pid}) does not end: stop it first`);
  }
  await writeFile(path, text.replace(/^\d+/, String(2 ** 30)));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
