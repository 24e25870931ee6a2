import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { dataFolder } from '../support/command.js';

const run = promisify(execFile);
const RUNBOARD = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const LOOP_DELAY = fileURLToPath(new URL('./loop-delay.mjs', import.meta.url));

/** Since the last time it was asked. */
export interface Strain {
  /** for how long the event loop was held at most */
  longestMs: number;
  p99Ms: number;
  mostBytes: number;
}

/** The built service in a process of its own, on a PostgreSQL and a data folder of its own. */
export interface AttackedService {
  url: string;
  strain(): Promise<Strain>;
  /** makes an organization; answers a token with these scopes */
  organization(orgId: string, ...scopes: string[]): Promise<string>;
  /** one more of an organization */
  token(orgId: string, ...scopes: string[]): Promise<string>;
  command(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

export async function startAttacked(settings: Record<string, string> = {}): Promise<AttackedService> {
  const folder = await dataFolder();
  const port = await freePort();
  const environment = {
    PATH: process.env.PATH!,
    PORT: String(port),
    RUNBOARD_DATA_DIR: folder.path,
    LOG_LEVEL: 'error',
    ...settings,
  };
  const child = spawn(process.execPath, ['--import', LOOP_DELAY, RUNBOARD, 'serve'], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child);
  const command = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [RUNBOARD, ...args], { env: environment, maxBuffer: 2 ** 28 })).stdout.trim();
  const token = (orgId: string, ...scopes: string[]): Promise<string> =>
    command('token', 'create', '--org', orgId, '--name', 'attack', ...scopes.flatMap((scope) => ['--scope', scope]));
  return {
    url,
    command,
    async strain() {
      child.send('strain');
      const [strain] = (await once(child, 'message')) as [Strain];
      return strain;
    },
    async organization(orgId, ...scopes) {
      await command('org', 'create', orgId, '--store-text');
      return token(orgId, ...scopes);
    },
    token,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await folder.remove();
    },
  };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 1_200; attempt += 1) {
    if (child.exitCode !== null) throw new Error('the service ended');
    const isReady = await fetch(`${url}/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await sleep(100);
  }
  throw new Error('the service did not become ready');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
