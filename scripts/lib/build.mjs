import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInstalled } from './install.mjs';
import { onPath, ROOT, runModule, runNpm, say, Stop } from './run.mjs';

/** Compiles the service if its sources changed since. */
export async function build() {
  const sources = ['tsconfig.json', 'metrics-service/tsconfig.build.json', 'metrics-service/src'];
  await unlessBuilt('metrics-service/dist/.built', sources, async () => {
    say('Building …');
    const args = ['-p', join(ROOT, 'metrics-service/tsconfig.build.json')];
    const { code, output } = await runModule('typescript/bin/tsc', args, { quiet: true });
    if (code !== 0) throw new Stop(`The build failed:\n${output.trim()}`);
  });
}

/** Builds the Grafana plugin for this machine if its sources, or the boards that come with it, changed since. */
export async function buildPlugin() {
  const boards = readdirSync(join(ROOT, 'dashboards')).filter((file) => file.endsWith('.json'));
  const sources = [
    ...['.config', 'go.mod', 'go.sum', 'package.json', 'pkg', 'scripts', 'src', 'tsconfig.json'].map(
      (name) => `plugin/${name}`,
    ),
    ...boards.map((name) => `dashboards/${name}`),
  ];
  await unlessBuilt('plugin/dist/go_plugin_build_manifest', sources, async () => {
    if (!onPath('go', 'go.exe')) {
      throw new Stop('the plugin needs Go to be built (https://go.dev/dl), or set RUNBOARD_PLUGIN to a built one');
    }
    if (!isInstalled()) throw new Stop('the dependencies of the plugin are missing: npm ci');
    say('Building the Grafana plugin …');
    const { code, output } = await runNpm(['run', 'build', '--workspace', 'plugin'], { quiet: true });
    if (code !== 0) throw new Stop(`${output.trim()}\nthe plugin could not be built`);
  });
}

/** Works, unless `marker` is newer than all sources; afterwards it is as old as the beginning of the work. */
async function unlessBuilt(marker, sources, work) {
  const file = join(ROOT, marker);
  const builtAt = existsSync(file) ? statSync(file).mtimeMs : -Infinity;
  if (sources.every((source) => newest(join(ROOT, source)) <= builtAt)) return;
  const startedAt = new Date();
  await work();
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) writeFileSync(file, '');
  utimesSync(file, startedAt, startedAt);
}

/** When a file, or anything in a folder, changed last; what was removed from a folder changed the folder. */
function newest(path) {
  const stat = statSync(path);
  const inside = stat.isDirectory() ? readdirSync(path).map((name) => newest(join(path, name))) : [];
  return Math.max(stat.mtimeMs, ...inside);
}
