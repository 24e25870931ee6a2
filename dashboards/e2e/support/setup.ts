import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNBOARD = fileURLToPath(new URL('../../../scripts/runboard.mjs', import.meta.url));
const START = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));
/** The plugin may have to be built first. */
const PATIENCE_MS = 600_000;

/**
 * Starts a service with the demo organization and a Grafana with everything provisioned, as `npm start` does, in a
 * folder and on ports of their own. Answers how to stop them. What the tests need of them goes into the environment.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.GRAFANA_URL) return async () => undefined;
  const dataDir = mkdtempSync(join(tmpdir(), 'runboard-e2e-'));
  const [port, grafanaPort] = [await freePort(), await freePort()];
  const environment = {
    ...process.env,
    RUNBOARD_DATA_DIR: dataDir,
    PORT: String(port),
    GRAFANA_PORT: String(grafanaPort),
  };
  const started = spawn(process.execPath, [START], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = async (): Promise<void> => {
    if (started.exitCode === null) {
      const ended = new Promise((resolve) => started.once('exit', resolve));
      started.kill('SIGTERM');
      await ended;
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await saidBy(started, [/rb_[\w-]{32,}/, /Top users/, /runboard-overview/]);
    process.env.RUNBOARD_URL = `http://127.0.0.1:${port}`;
    process.env.RUNBOARD_TOKEN = directoryToken(environment);
    process.env.GRAFANA_VERSION ??= grafanaVersion(process.env.GRAFANA_HOME ?? '');
    process.env.GRAFANA_URL = `http://127.0.0.1:${grafanaPort}`;
    process.env.GRAFANA_PASSWORD = readFileSync(join(dataDir, 'grafana/admin-password'), 'utf8').trim();
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** One of the demo that may say who users are, which the token that is printed may not. */
function directoryToken(env: NodeJS.ProcessEnv): string {
  const scopes = ['ingest', 'directory', 'read'].flatMap((scope) => ['--scope', scope]);
  const command = [RUNBOARD, 'token', 'create', '--org', 'demo', '--name', 'e2e', ...scopes, '--json'];
  const made = execFileSync(process.execPath, command, { env, encoding: 'utf8' });
  return (JSON.parse(made) as { token: string }).token;
}

/** Of its sources, for @grafana/plugin-e2e: a build may call itself otherwise. Empty: that of Grafana itself counts. */
function grafanaVersion(home: string): string {
  const file = join(home, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : '';
}

/** What the process has printed once it has said all of this. */
function saidBy(child: ChildProcess, all: readonly RegExp[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const fail = (why: string) => reject(new Error(`${why}\n${printed}`));
    const late = setTimeout(() => fail('npm start took too long'), PATIENCE_MS);
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      if (!all.every((one) => one.test(printed))) return;
      clearTimeout(late);
      resolve(printed);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => fail(`npm start ended with ${code}`));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
