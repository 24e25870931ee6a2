import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Random } from '../support/random.js';

const run = promisify(execFile);
const RUNBOARD = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const BACK_WITHIN_MS = 180_000;
/** How long PostgreSQL may take to end its other processes once one was killed; it ends none for one that was just ending. */
const DOOMED_MS = 10_000;

export const KILLS = [
  'service',
  'service and guard',
  'postmaster',
  'one of its processes',
  'service and postmaster',
  'everything',
] as const;
export type Kill = (typeof KILLS)[number];

interface Process {
  pid: number;
  parent: number;
  command: string;
}

/**
 * The built service as it runs in production, `runboard serve` on a data folder with its own PostgreSQL, started again
 * whenever it ends, as systemd would.
 */
export class Stack {
  readonly url: string;
  /** how often it ended without having been killed: its database did not come back, say */
  endedByItself = 0;
  readonly logFile: string;
  /** from the next start on, what it logs finds no room */
  fullLog = false;
  readonly #environment: Record<string, string>;
  #child: ChildProcess | null = null;
  #isEnding = false;
  #killed = new Set<number>();
  /** processes of PostgreSQL that will end for what was killed last */
  #doomed = new Set<number>();

  constructor(
    readonly dataDir: string,
    port: number,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.logFile = join(dataDir, 'service.log');
    const settings = { PORT: String(port), RUNBOARD_DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
    this.#environment = { PATH: process.env.PATH!, ...settings };
  }

  start(): void {
    const log = openSync(this.fullLog ? '/dev/full' : this.logFile, 'a');
    const child = spawn(process.execPath, [RUNBOARD, 'serve'], { env: this.#environment, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    child.once('exit', () => {
      if (this.#isEnding) return;
      if (!this.#killed.has(child.pid!)) this.endedByItself += 1;
      setTimeout(() => this.#isEnding || this.start(), 100);
    });
  }

  /** Waits until it is ready; answers how long that took, in ms. */
  async ready(): Promise<number> {
    const begun = Date.now();
    await this.#withoutDoomed();
    while (Date.now() - begun < BACK_WITHIN_MS) {
      const isReady = await fetch(`${this.url}/ready`, { signal: AbortSignal.timeout(5_000) }).then(
        async (response) => (await response.text()) !== '' && response.ok,
        () => false,
      );
      if (isReady) return Date.now() - begun;
      await sleep(25);
    }
    const waited = `the service did not come back within ${BACK_WITHIN_MS / 1000} s: see ${this.logFile}`;
    const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid,ppid,stat,wchan,args']);
    const about = stdout.split('\n').filter((line) => line.includes('postgres:') || line.includes(this.dataDir));
    throw new Error([waited, ...about].join('\n'));
  }

  /** A process that is about to end may still answer the question whether all is ready. */
  async #withoutDoomed(): Promise<void> {
    const until = Date.now() + DOOMED_MS;
    const isThere = ({ pid, command }: Process): boolean => this.#doomed.has(pid) && !command.endsWith('<defunct>');
    while (this.#doomed.size > 0 && Date.now() < until && (await processes()).some(isThere)) await sleep(25);
    this.#doomed.clear();
  }

  /** Kills with -9 what there is of it; answers what was killed. While it starts that may be less. */
  async kill(wanted: Kill, random: Random): Promise<string> {
    const all = await processes();
    const childrenOf = (pid: number): Process[] => all.filter(({ parent }) => parent === pid);
    const service = this.#child!.pid!;
    const own = childrenOf(service);
    const guards = own.filter(({ command }) => command.includes('runboard-guard'));
    const postmasters = own.filter(({ command }) => command.includes('postgres -D'));
    const workers = postmasters.flatMap(({ pid }) => childrenOf(pid));
    const pids = (list: Process[]): number[] => list.map(({ pid }) => pid);
    const victims: Record<Kill, number[]> = {
      service: [service],
      'service and guard': [...pids(guards), service],
      postmaster: pids(postmasters),
      'one of its processes': workers.length > 0 ? [random.pick(workers).pid] : [],
      'service and postmaster': [service, ...pids(postmasters)],
      everything: [...pids(guards), service, ...pids(postmasters), ...pids(workers)],
    };
    const isThere = victims[wanted].length > 0;
    this.#killed.add(service);
    if (isThere && !victims[wanted].includes(service)) this.#killed.delete(service);
    const isOfDatabase = [...postmasters, ...workers].some(({ pid }) => victims[wanted].includes(pid));
    if (isOfDatabase) for (const { pid } of workers) this.#doomed.add(pid);
    for (const pid of isThere ? victims[wanted] : [service]) killNow(pid);
    return isThere ? wanted : 'service';
  }

  /** Runs another command on the same data folder; answers what it printed. */
  async command(...args: string[]): Promise<string> {
    const options = { env: this.#environment, maxBuffer: 2 ** 28 };
    return (await run(process.execPath, [RUNBOARD, ...args], options)).stdout.trim();
  }

  async databaseUrl(): Promise<string> {
    const text = await readFile(join(this.dataDir, 'database.json'), 'utf8');
    return (JSON.parse(text) as { url: string }).url;
  }

  async stop(): Promise<void> {
    this.#isEnding = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has just ended
  }
}

async function processes(): Promise<Process[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { maxBuffer: 2 ** 26 });
  return [...stdout.matchAll(/^ *(\d+) +(\d+) (.*)/gm)].map(([, pid, parent, command]) => ({
    pid: Number(pid),
    parent: Number(parent),
    command: command!,
  }));
}
