import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from './install.mjs';
import { ROOT, run, runNpm } from './run.mjs';
import { say, Stop } from './say.mjs';
import { filesIn, readStamp, sameStamp, stampOf, writeStamp } from './stamp.mjs';

const PLUGIN = join(ROOT, 'plugin');
const DIST = join(PLUGIN, 'dist');
/** beside dist, which is what others install */
const STAMP = join(PLUGIN, 'node_modules/.cache/built.json');

/** Builds the Grafana plugin for this machine, if its sources are not those that dist was built from. */
export async function buildPlugin() {
  const boards = filesIn(join(ROOT, 'dashboards'), ['node_modules']).filter((file) =>
    /runboard-[^/]*\.json$/.test(file),
  );
  const now = stampOf([...filesIn(PLUGIN, ['node_modules', 'dist', 'release', 'coverage']), ...boards]);
  const before = readStamp(STAMP);
  if (before && isWhole() && sameStamp(before, now)) return;
  const { code } = await run('go', ['version'], { quiet: true });
  if (code !== 0) {
    throw new Stop('the plugin needs Go to be built (https://go.dev/dl), or set RUNBOARD_PLUGIN to a built one');
  }
  if (!isInstalled()) throw new Stop('the dependencies of the plugin are missing: npm ci');
  say('Building the Grafana plugin …');
  const built = await runNpm(['run', 'build', '--workspace', 'plugin'], { quiet: true });
  if (built.code !== 0 || !isWhole()) throw new Stop(`${built.output.trim()}\nthe plugin could not be built`);
  writeStamp(STAMP, now);
}

function isWhole() {
  return existsSync(join(DIST, 'module.js')) && readdirSync(DIST).some((file) => file.startsWith('gpx_'));
}
