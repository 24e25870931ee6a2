import type { Logger } from 'pino';
import type { Config } from '../../config.js';
import { lockDataFolder } from '../../data-folder.js';
import { Failure } from '../../failure.js';
import type { Surroundings } from '../surroundings.js';
import { findGrafana, type FoundGrafana } from './find.js';
import { adminPassword, makeFolder } from './folder.js';
import { waysToTheBoards } from './other-ways.js';
import { preparePlugin } from './plugin.js';
import { choosePort } from './ports.js';
import { endLeftOver, launch } from './process.js';
import { prepareProvisioning } from './provisioning.js';
import { checkDataSource, waitUntilReady } from './ready.js';
import { ADMIN, FIRST_BOARD, grafanaFolder } from './settings.js';

export interface GrafanaOptions {
  config: Config;
  log: Logger;
  /** the service's address */
  serviceUrl: string;
  /** of the organization that the boards show, with scopes read and delegate; null: it is not clear which */
  token: string | null;
  /** another organization that one may choose on the boards, and what makes a token for it */
  other: { orgId: string; makeToken: () => Promise<string> } | null;
}

const READY_WITHIN_MS = 180_000;

/**
 * Runs a Grafana with the boards beside the service, until the signal is aborted or it ends by itself; resolves when
 * nothing of it is left. The service goes on whatever happens here. Where there is no Grafana it says what to do.
 */
export async function runGrafana(
  surroundings: Surroundings,
  options: GrafanaOptions,
  signal: AbortSignal,
): Promise<void> {
  const { config, log } = options;
  if (!config.grafana) return;
  try {
    const found = await findGrafana(config);
    if (found) await runFound(found, surroundings, options, signal);
    else surroundings.stdout.write(await waysToTheBoards(signal));
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Failure)) log.warn({ err: error }, 'Grafana could not be started');
    surroundings.stderr.write(`The service goes on without Grafana: ${(error as Error).message}\n`);
  }
}

async function runFound(
  found: FoundGrafana,
  surroundings: Surroundings,
  { config, serviceUrl, token, other }: GrafanaOptions,
  signal: AbortSignal,
): Promise<void> {
  if (token === null) throw new Failure('there are several organizations, and none is the one that the boards show');
  const { stdout, stderr } = surroundings;
  const folder = grafanaFolder(config.dataDir);
  await makeFolder(folder);
  const lock = await lockDataFolder(folder.path);
  try {
    await endLeftOver(folder);
    await preparePlugin(surroundings, { config, folder, signal });
    await prepareProvisioning(folder, other?.orgId ?? null);
    const password = await adminPassword(folder);
    const port = await choosePort(config.grafanaPort);
    const otherToken = (await other?.makeToken()) ?? null;
    if (signal.aborted) return;
    stderr.write('Starting Grafana …\n');
    const settings = { folder, port, adminPassword: password, serviceUrl, token, otherToken };
    const grafana = await launch(found, surroundings.environment, settings);
    const over = new AbortController();
    void grafana.ended.then(() => over.abort());
    const until = AbortSignal.any([signal, over.signal]);
    const stop = () => void grafana.stop();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const late = setTimeout(stop, READY_WITHIN_MS);
    const url = `http://127.0.0.1:${port}`;
    const version = await waitUntilReady(url, until);
    clearTimeout(late);
    if (version !== null) stdout.write(await welcome({ version, url, password, log: folder.log }));
    const how = await grafana.ended;
    if (signal.aborted) return;
    if (version === null)
      throw new Failure(`Grafana does not start: ${await grafana.complaint(how)} (log: ${folder.log})`);
    throw new Failure(`Grafana ended by itself (${how}, log: ${folder.log}); the next start starts it again`);
  } finally {
    await lock.release();
  }
}

async function welcome(grafana: { version: string; url: string; password: string; log: string }): Promise<string> {
  const { version, url, password, log } = grafana;
  const { complaint, passwordWorks } = await checkDataSource(url, password);
  const lines = [
    `${['Grafana', version].join(' ').trim()} serves the boards at ${url}/d/${FIRST_BOARD}`,
    `  user ${ADMIN}, password ${passwordWorks ? password : 'as you changed it'}`,
    ...(complaint === null ? [] : [`  its data source does not work: ${complaint} (log: ${log})`]),
  ];
  return `${lines.join('\n')}\n`;
}
