import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnGuard } from '../../guard.js';

/** A program with its child processes: a process group. */
export interface Group {
  pid: number;
  /** resolves with its exit code or signal when the program has ended; remaining child processes are stopped too */
  ended: Promise<string>;
  /** Stops it with SIGTERM, then with SIGKILL. */
  stop(): Promise<void>;
}

export interface GroupOptions {
  cwd: string;
  env: Record<string, string | undefined>;
  /** where its output goes */
  logFile: string;
}

const STOP_WITHIN_MS = 10_000;

/** Waits for the end of its input, which comes however this process ends; then stops the group. */
const GUARD = `
read -r _
kill -s TERM -- "-$1" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -s 0 -- "-$1" 2>/dev/null || exit 0; sleep 1; done
kill -s KILL -- "-$1"`;

/**
 * Starts a program in its own process group, so that Ctrl-C in the terminal does not reach it directly, and its child
 * processes are stopped with it. @throws Error if it cannot be run
 */
export async function startGroup(command: string, args: string[], options: GroupOptions): Promise<Group> {
  const log = openSync(options.logFile, 'a', 0o600);
  const { cwd, env } = options;
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid!;
  const guard = spawnGuard(GUARD, String(pid));
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      signalGroup(pid, 'SIGKILL');
      guard.kill('SIGKILL');
      resolve(signal ?? `exit code ${code}`);
    });
  });
  return {
    pid,
    ended,
    async stop() {
      signalGroup(pid, 'SIGTERM', { leaderOnly: true });
      const late = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Stops a group that an earlier process left behind. */
export async function endGroup(pid: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  for (let waited = 0; waited < STOP_WITHIN_MS && signalGroup(pid, 0); waited += 100) await sleep(100);
  signalGroup(pid, 'SIGKILL');
}

/** Returns whether there was a process to receive it. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0, { leaderOnly = false } = {}): boolean {
  try {
    return process.kill(leaderOnly ? pid : -pid, signal);
  } catch {
    return false;
  }
}
