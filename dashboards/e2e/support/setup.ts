import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeToken } from './tokens.js';

const START = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));
/** The plugin may have to be built first. */
const PATIENCE_MS = 600_000;

/**
 * Starts a service with the demo organization and a Grafana with everything provisioned, as `npm start` does, in a
 * folder and on ports of their own. Answers how to stop them. What the tests need of them goes into the environment;
 * without a Grafana nothing does.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.GRAFANA_URL) return async () => undefined;
  const dataDir = mkdtempSync(join(tmpdir(), 'runboard-e2e-'));
  const [port, grafanaPort, mailPort, webhookPort] = await Promise.all([0, 1, 2, 3].map(freePort));
  mkdirSync(join(dataDir, 'grafana'), { mode: 0o700 });
  writeFileSync(join(dataDir, 'grafana/grafana.ini'), ini(mailPort!));
  const environment = {
    ...process.env,
    RUNBOARD_DATA_DIR: dataDir,
    PORT: String(port),
    GRAFANA_PORT: String(grafanaPort),
    RUNBOARD_ALERTS_EMAIL: 'agents@example.com;lead@example.com',
    RUNBOARD_ALERTS_SLACK_URL: `http://127.0.0.1:${webhookPort}/slack`,
    RUNBOARD_ALERTS_WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/webhook`,
    RUNBOARD_ALERTS_WEBHOOK_TOKEN: 'of the webhook',
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
    const said = await saidBy(started, [/rb_[\w-]{32,}/, /Top users/, /runboard-overview|The boards need|The boards:/]);
    if (!said.includes('runboard-overview')) {
      await stop();
      process.stdout.write('There is no Grafana here, and without one all tests are skipped: GRAFANA_HOME names one\n');
      return async () => undefined;
    }
    process.env.RUNBOARD_URL = `http://127.0.0.1:${port}`;
    process.env.RUNBOARD_DATA_DIR = dataDir;
    process.env.RUNBOARD_TOKEN = makeToken(['ingest', 'directory', 'read', 'delegate']).token;
    process.env.GRAFANA_VERSION ??= grafanaVersion(process.env.GRAFANA_HOME ?? '');
    process.env.GRAFANA_URL = `http://127.0.0.1:${grafanaPort}`;
    process.env.GRAFANA_PROVISIONING = join(dataDir, 'grafana/provisioning');
    process.env.MAIL_PORT = String(mailPort);
    process.env.WEBHOOK_PORT = String(webhookPort);
    process.env.GRAFANA_PASSWORD = readFileSync(join(dataDir, 'grafana/admin-password'), 'utf8').trim();
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** Where mail goes, and how soon a changed contact point counts. */
function ini(mailPort: number): string {
  const smtp = ['enabled = true', `host = 127.0.0.1:${mailPort}`, 'from_address = grafana@example.com'];
  return ['[smtp]', ...smtp, '[unified_alerting]', 'admin_config_poll_interval = 10s', ''].join('\n');
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
