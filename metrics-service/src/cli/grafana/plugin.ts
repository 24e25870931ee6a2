import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config.js';
import { Failure } from '../../failure.js';
import { ROOT, type Surroundings } from '../surroundings.js';
import { startGroup } from './group.js';
import { PLUGIN_ID, type GrafanaFolder } from './settings.js';

const SCRIPT = join(ROOT, 'scripts/plugin.mjs');
const BUILDING_AFTER_MS = 2_000;

/**
 * Copies the plugin into the folder's plugins: that of RUNBOARD_PLUGIN, else the repository's, built if it is out of date.
 * Returns early when the signal is aborted. @throws Failure
 */
export async function preparePlugin(
  { environment, stderr }: Surroundings,
  { config, folder, signal }: { config: Config; folder: GrafanaFolder; signal: AbortSignal },
): Promise<void> {
  const built = config.pluginDir === undefined ? join(ROOT, 'plugin/dist') : resolve(ROOT, config.pluginDir);
  if (config.pluginDir === undefined) {
    const say = () => stderr.write('Building the Grafana plugin (the first time takes a minute or two) …\n');
    // only checking whether it is up to date takes less time
    const slow = setTimeout(say, BUILDING_AFTER_MS);
    const logFile = join(folder.path, 'plugin-build.log');
    await build({ environment, logFile, signal }).finally(() => clearTimeout(slow));
  } else if (!existsSync(join(built, 'plugin.json'))) {
    throw new Failure(
      `RUNBOARD_PLUGIN is ${JSON.stringify(config.pluginDir)}, but must be the folder of a built plugin, with plugin.json`,
    );
  }
  if (signal.aborted) return;
  await mkdir(folder.plugins, { recursive: true });
  const link = join(folder.plugins, PLUGIN_ID);
  await rm(link, { recursive: true, force: true });
  await symlink(built, link, 'dir');
}

async function build({
  environment: env,
  logFile,
  signal,
}: {
  environment: Surroundings['environment'];
  logFile: string;
  signal: AbortSignal;
}): Promise<void> {
  if (!existsSync(SCRIPT))
    throw new Failure('the plugin cannot be built here: set RUNBOARD_PLUGIN to the folder of a built one');
  await rm(logFile, { force: true });
  const building = await startGroup(process.execPath, [SCRIPT], { cwd: ROOT, env, logFile });
  const stop = () => void building.stop();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const how = await building.ended;
  signal.removeEventListener('abort', stop);
  if (signal.aborted || how === 'exit code 0') return;
  const said = (await readFile(logFile, 'utf8')).trim().split('\n').at(-1);
  throw new Failure(`${said || 'the plugin could not be built'} (log: ${logFile})`);
}
