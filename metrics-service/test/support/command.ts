import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/**
 * What Node runs for `runboard`: the sources; in `npm test`, which has just built them, what was built, since it starts
 * in half of the time. `main` is that of another version.
 */
export function runboardFiles(main?: string): string[] {
  if (main === undefined && process.env.RUNBOARD_TEST_BUILT) return [file('../../dist/cli/main.js')];
  return ['--import', pathToFileURL(file('./typescript.mjs')).href, main ?? file('../../src/cli/main.ts')];
}

type Environment = Record<string, string>;
const WITHOUT_DEMO = { RUNBOARD_DEMO: '0', RUNBOARD_DEMO_LIVE: '0' };

/** `stdout`, `stderr`: file descriptors instead of what is read here. */
export function launch(
  args: string[],
  environment: Environment,
  main?: string,
  { stdout, stderr }: { stdout?: number; stderr?: number } = {},
): ChildProcess {
  // a Grafana of the machine that tests run on is not theirs
  const env = { PATH: process.env.PATH, RUNBOARD_GRAFANA: '0', ...environment };
  return spawn(process.execPath, [...runboardFiles(main), ...args], {
    env,
    cwd: tmpdir(),
    stdio: ['ignore', stdout ?? 'pipe', stderr ?? 'pipe'],
  });
}

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function outcome(child: ChildProcess): { sofar: Outcome; end: Promise<Outcome> } {
  const sofar: Outcome = { code: null, stdout: '', stderr: '' };
  child.stdout!.on('data', (chunk: Buffer) => (sofar.stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (sofar.stderr += chunk.toString()));
  const end = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => {
      sofar.code = code;
      resolve(sofar);
    });
  });
  return { sofar, end };
}

/** Runs `runboard …` to its end. */
export async function runboard(args: string[], environment: Environment = {}): Promise<Outcome> {
  return begin(args, environment).end;
}

export interface Begun {
  child: ChildProcess;
  sofar: Outcome;
  end: Promise<Outcome>;
}

/** Begins `runboard …` as a process that may be killed; `main` is that of another version. */
export function begin(args: string[], environment: Environment = {}, main?: string): Begun {
  const child = launch(args, environment, main);
  return { child, ...outcome(child) };
}

export interface Serving {
  url: string;
  sofar: Outcome;
  /** Sends a signal (SIGTERM), waits for the end, and answers all that it wrote. */
  end(signal?: NodeJS.Signals): Promise<Outcome>;
}

/** `runboard serve` on that database and a free port. */
export async function serve(databaseUrl: string, environment: Environment = {}, main?: string): Promise<Serving> {
  const { child, sofar, end } = begin(['serve'], { PORT: '0', DATABASE_URL: databaseUrl, ...environment }, main);
  let url: string | undefined;
  while ((url = /"url":"([^"]+)"/.exec(sofar.stdout)?.[1]) === undefined) {
    if (child.exitCode !== null) throw new Error(`runboard serve did not serve: ${JSON.stringify(sofar)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url,
    sofar,
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      return end;
    },
  };
}

export interface Started {
  url: string;
  token: string;
  pid: number;
  /** of the embedded database */
  databasePid: number;
  send(event: object): Promise<Response>;
  /** Waits until it has said that, and answers all that it has said. */
  said(text: string): Promise<string>;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Outcome>;
}

/** `runboard start` on a data folder and a free port, without the demo if not asked for; resolves when it has spoken. */
export async function start(dataDir: string, environment: Environment = {}): Promise<Started> {
  const child = launch(['start'], { PORT: '0', RUNBOARD_DATA_DIR: dataDir, ...WITHOUT_DEMO, ...environment });
  const { sofar, end } = outcome(child);
  while (!sofar.stdout.includes('curl ') && child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const url = /serves at (\S+)/.exec(sofar.stdout)?.[1];
  const token = /token +(rb_\S+)/.exec(sofar.stdout)?.[1];
  if (!url || !token) throw new Error(`runboard start did not serve: ${JSON.stringify(await end)}`);
  return {
    url,
    token,
    pid: child.pid!,
    databasePid: Number((await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0]),
    send: (event) =>
      fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(event),
      }),
    async said(text) {
      while (!(sofar.stdout + sofar.stderr).includes(text)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${JSON.stringify(sofar)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return sofar.stdout + sofar.stderr;
    },
    async end(signal = 'SIGINT') {
      child.kill(signal);
      return end;
    },
  };
}

/** `runboard start` until it has said `text`, then a signal to it; resolves at its end. */
export async function startUntil(
  text: string,
  signal: NodeJS.Signals,
  dataDir: string,
  environment: Environment = {},
): Promise<Outcome> {
  const child = launch(['start'], { PORT: '0', RUNBOARD_DATA_DIR: dataDir, ...environment });
  const { sofar, end } = outcome(child);
  while (!(sofar.stdout + sofar.stderr).includes(text) && child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill(signal);
  return end;
}

/** A data folder that the database's own user can reach, also when the tests run as root. */
export async function dataFolder(): Promise<{ path: string; files(): Promise<string[]>; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'runboard-start-'));
  await chmod(path, 0o711);
  return {
    path,
    files: async () => (await readdir(path)).sort(),
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}
