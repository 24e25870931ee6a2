import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLUGIN = fileURLToPath(new URL('../', import.meta.url));
export const DIST = join(PLUGIN, 'dist');

/** As Go calls them; the names of the programs in dist are made of them, and Grafana picks its own. */
const HERE = [
  { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform],
  { x64: 'amd64', arm64: 'arm64' }[process.arch],
];

/** Builds frontend, backend and boards into dist; `platforms` are pairs of operating system and processor. */
export function build(platforms = [HERE], goFlags = []) {
  frontend();
  for (const [os, arch] of platforms) backend(os, arch, goFlags);
  manifest();
  boards();
}

function frontend() {
  const webpack = createRequire(import.meta.url).resolve('webpack-cli/bin/cli.js');
  // how Node.js 20 loads the scaffold's configuration, which is TypeScript
  const env = { TS_NODE_COMPILER_OPTIONS: '{"module":"commonjs","moduleResolution":"node10"}' };
  run(process.execPath, [webpack, '-c', './.config/webpack/webpack.config.ts', '--env', 'production'], env);
}

function backend(os, arch, flags) {
  const { executable, id } = readJson('src/plugin.json');
  const { version } = readJson('package.json');
  const file = join('dist', `${executable}_${os}_${arch}${os === 'windows' ? '.exe' : ''}`);
  // what the SDK calls itself to the service
  const info = `github.com/grafana/grafana-plugin-sdk-go/build/buildinfo.buildInfoJSON`;
  const linked = `-ldflags=-s -w -X '${info}=${JSON.stringify({ pluginID: id, version })}'`;
  const env = { GOOS: os, GOARCH: arch, CGO_ENABLED: '0' };
  run('go', ['build', ...flags, '-buildvcs=false', linked, '-o', file, './pkg'], env);
}

/** What the backend was built from, in the form of Grafana's own build: its validator compares. */
function manifest() {
  const sources = readdirSync(join(PLUGIN, 'pkg'), { recursive: true })
    .filter((file) => file.endsWith('.go'))
    .map((file) => `pkg/${file.replaceAll('\\', '/')}`)
    .sort();
  const lines = sources.map((file) => `${sha256(join(PLUGIN, file))}:${file}\n`);
  writeFileSync(join(DIST, 'go_plugin_build_manifest'), lines.join(''));
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** The boards come with the plugin, for whoever installs nothing else, and pictures of them for its page in Grafana. */
function boards() {
  const includes = copied('../dashboards', 'dashboards', /^runboard-.*\.json$/).map((file) => {
    const { title } = readJson(join('dist/dashboards', file));
    return { type: 'dashboard', name: title, path: `dashboards/${file}` };
  });
  const screenshots = copied('../docs/pictures', 'img', /-dark\.png$/).map((file) => {
    return { name: file.replace('-dark.png', ''), path: `img/${file}` };
  });
  const plugin = readJson('dist/plugin.json');
  const description = { ...plugin, info: { ...plugin.info, screenshots }, includes };
  writeFileSync(join(DIST, 'plugin.json'), `${JSON.stringify(description, null, 2)}\n`);
}

/** Copies the files of a folder, if it is there, into one of dist, and answers their names. */
function copied(from, to, pattern) {
  const folder = join(PLUGIN, from);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => pattern.test(file)) : [];
  mkdirSync(join(DIST, to), { recursive: true });
  for (const file of files) cpSync(join(folder, file), join(DIST, to, file));
  return files;
}

function readJson(path) {
  return JSON.parse(readFileSync(join(PLUGIN, path), 'utf8'));
}

function run(command, args, env) {
  const { status, error } = spawnSync(command, args, {
    cwd: PLUGIN,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (error?.code === 'ENOENT') fail(`${command} is missing: the backend of the plugin needs Go (https://go.dev/dl)`);
  if (status !== 0) fail(`${command} ${args.join(' ')} failed`);
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
