import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename, stat, statfs, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { Failure } from '../../failure.js';
import { commandLine, gone, isAlive } from '../../processes.js';
import { ENVIRONMENT, SUPERUSER, type Cluster } from './cluster.js';
import { guard, type Guard } from './guard.js';

/** A running PostgreSQL server process, a child of this one. */
export interface Postmaster {
  port: number;
  /** resolves when the process has ended, for whatever reason */
  ended: Promise<void>;
  /** `fast` ends connections and writes everything out; `immediate` leaves that to the next start's recovery */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
}

export interface StartOptions {
  logFile: string;
  /** the port to take again after a crash; without it any free one */
  port?: number;
  settings?: Record<string, string>;
  /** removed by the guard when this process dies without stopping the database */
  temporaryFolder?: string;
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
  // its errors name values; the service logs those it did not expect, without
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
};

const ATTEMPTS = 20;
/** Another program took the port, the processes of a killed server are still ending, or it was killed while it started. */
const PASSING =
  /Address already in use|could not create any TCP|shared memory block|lock file|terminated by signal|ended by SIG/;
const LARGEST_LOG = 10 * 1024 * 1024;

/** Starts the cluster's server on 127.0.0.1 and resolves when it takes connections. */
export async function startPostmaster(cluster: Cluster, options: StartOptions): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    await endLeftOver(cluster);
    const started = await attemptStart(cluster, options);
    if ('port' in started) return started;
    if (!PASSING.test(started.complaint) || attempt === ATTEMPTS) {
      throw new Failure(
        `the database does not start: ${started.complaint || 'no reason given'} (log: ${options.logFile})`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function attemptStart(cluster: Cluster, options: StartOptions): Promise<Postmaster | { complaint: string }> {
  const port = options.port ?? (await freePort());
  const logged = await rotate(options.logFile);
  const child = launch(cluster, port, { ...options, settings: { ...(await sharedMemory()), ...options.settings } });
  const guarded = child.pid === undefined ? undefined : guard(child.pid, options.temporaryFolder);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const failed = new Promise<Error>((resolve) => child.once('error', resolve));
  const ready = await Promise.race([waitUntilReady(cluster, port, child), failed]).catch((error: unknown) => {
    guarded?.dismiss();
    throw error;
  });
  if (ready !== true) guarded?.dismiss();
  if (ready instanceof Error) return { complaint: ready.message };
  if (!ready && child.signalCode !== null) return { complaint: `it was ended by ${child.signalCode}` };
  if (!ready) return { complaint: lastComplaint((await readFile(options.logFile, 'utf8')).slice(logged)) };
  return { port, ended, stop: (how = 'fast') => stop(child, how, guarded) };
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

/** The 64 MB that containers give by default are too few for parallel queries: files take their place. */
async function sharedMemory(): Promise<Record<string, string>> {
  const { bsize, blocks } = await statfs('/dev/shm').catch(() => ({ bsize: 0, blocks: 0 }));
  const isSmall = process.platform === 'linux' && bsize * blocks < 256 * 1024 * 1024;
  return isSmall ? { dynamic_shared_memory_type: 'mmap' } : {};
}

/** Resolves to false if the process ends first. Recovery after a crash may take minutes. */
async function waitUntilReady(cluster: Cluster, port: number, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: SUPERUSER,
      password: cluster.passwords.superuser,
      database: 'postgres',
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === '28P01') {
        await stop(child, 'fast');
        throw new Failure(
          'the database does not take the password in the data folder: it is not the one it was made with',
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await client.end().catch(() => {});
    }
  }
  return false;
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
 * Deals with the server that a killed service left: still running, it is stopped. Its process id may belong to another
 * program now, or to nobody's zombie: PostgreSQL must not take that for a server (it still checks the shared memory
 * that the file names).
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

/** Sets a large log aside; answers the length of the present one. */
async function rotate(logFile: string): Promise<number> {
  const { size } = await stat(logFile).catch(() => ({ size: 0 }));
  if (size < LARGEST_LOG) return size;
  await rename(logFile, `${logFile}.old`);
  return 0;
}

function lastComplaint(log: string): string {
  // of whoever asks whether it is ready
  const lines = log.split('\n').filter((line) => !/the database system is /.test(line));
  const complaints = lines.filter((line) =>
    /FATAL|PANIC|terminated by signal|error while loading|not found/.test(line),
  );
  return (complaints.at(-1) ?? lines.join('\n').trim().split('\n').at(-1) ?? '').replace(/^.*?(FATAL|PANIC): +/, '');
}
