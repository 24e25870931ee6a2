import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { hasGrafana, ROOT } from './run.mjs';

/**
 * Brings the checkout up to date, then becomes `runboard` with these arguments: in this very process, so that
 * signals, exit code and kill -9 mean what they say.
 */
export async function runboard(args) {
  await install(args[0] === 'start' && buildsPlugin() ? undefined : 'metrics-service');
  await build();
  const main = join(ROOT, 'metrics-service/dist/cli/main.js');
  process.argv = [process.execPath, main, ...args];
  await import(pathToFileURL(main).href);
}

/** Whether `runboard start` will build the plugin for a Grafana, which needs the dependencies of all workspaces. */
function buildsPlugin() {
  const { RUNBOARD_GRAFANA, RUNBOARD_PLUGIN } = process.env;
  return RUNBOARD_GRAFANA !== '0' && !RUNBOARD_PLUGIN && hasGrafana();
}
