import type { Logger } from 'pino';
import type { Config } from '../../config.js';
import { lockDataFolder } from '../../data-folder.js';
import { Failure } from '../../failure.js';
import type { Surroundings } from '../surroundings.js';
import { attend } from './attend.js';
import { findGrafana, type FoundGrafana } from './find.js';
import { adminPassword, makeFolder } from './folder.js';
import { waysToTheBoards } from './other-ways.js';
import { preparePlugin } from './plugin.js';
import { choosePort } from './ports.js';
import { endLeftOver, launch } from './process.js';
import { prepareProvisioning } from './provisioning.js';
import { grafanaFolder, type GrafanaFolder, type GrafanaSettings } from './settings.js';

export interface GrafanaOptions {
  config: Config;
  log: Logger;
  /** the service's address */
  serviceUrl: string;
  /** for the organization that the boards show, with scopes read and delegate; null if it is not clear which one */
  token: string | null;
  /** a second organization that can be chosen on the boards, and how to make a token for it */
  other: { orgId: string; makeToken: () => Promise<string> } | null;
  /** told where the boards are, once they are there */
  onBoards: (url: string) => void;
}

/**
 * Runs a Grafana with the boards next to the service, until the signal is aborted or Grafana stops by itself; resolves when
 * all its processes have ended. The service continues whatever happens here. Without a Grafana it prints what to do.
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
  options: GrafanaOptions,
  signal: AbortSignal,
): Promise<void> {
  const folder = grafanaFolder(options.config.dataDir);
  await makeFolder(folder);
  const lock = await lockDataFolder(folder.path);
  try {
    await endLeftOver(folder);
    const settings = await prepare(folder, surroundings, options, signal);
    if (signal.aborted) return;
    surroundings.stderr.write('Starting Grafana …\n');
    const grafana = await launch(found, surroundings.environment, settings);
    await attend(grafana, settings, surroundings, { signal, onBoards: options.onBoards });
  } finally {
    await lock.release();
  }
}

/** Writes everything that Grafana needs at its start to its folder. @throws Failure */
async function prepare(
  folder: GrafanaFolder,
  surroundings: Surroundings,
  { config, serviceUrl, token, other }: GrafanaOptions,
  signal: AbortSignal,
): Promise<GrafanaSettings> {
  if (token === null)
    throw new Failure('there are several organizations, and it is not clear which one the boards should show');
  await preparePlugin(surroundings, { config, folder, signal });
  await prepareProvisioning(folder, other?.orgId ?? null);
  return {
    folder,
    port: await choosePort(config.grafanaPort),
    adminPassword: await adminPassword(folder),
    serviceUrl,
    token,
    otherToken: (await other?.makeToken()) ?? null,
  };
}
