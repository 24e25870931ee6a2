import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, runNode } from './run.mjs';
import { say, Stop } from './say.mjs';

const SERVICE = join(ROOT, 'metrics-service');
const DIST = join(SERVICE, 'dist');
/** What dist was built from: each file with its size and time. */
const STAMP = join(DIST, '.built.json');

/** Compiles the service if its sources are not those that dist was built from. */
export async function build() {
  const now = sources();
  const before = readStamp();
  if (before && existsSync(join(DIST, 'cli/main.js')) && sameFiles(before, now)) return;
  // what a removed source left behind must not be found; without a stamp nobody knows what that is
  if (!before || Object.keys(before).some((file) => !(file in now))) rmSync(DIST, { recursive: true, force: true });
  say('Building …');
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { code, output } = await runNode(tsc, ['-p', join(SERVICE, 'tsconfig.build.json')], { quiet: true });
  if (code !== 0) throw new Stop(`The build failed:\n${output.trim()}`);
  writeFileSync(STAMP, JSON.stringify(now));
}

function sources() {
  const files = [
    join(ROOT, 'tsconfig.json'),
    join(ROOT, 'node_modules/typescript/package.json'),
    join(SERVICE, 'tsconfig.build.json'),
    ...filesIn(join(SERVICE, 'src')),
  ];
  const stamp = {};
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    stamp[relative(ROOT, file)] = `${size} ${mtimeMs}`;
  }
  return stamp;
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return null;
  }
}

function sameFiles(before, now) {
  const names = Object.keys(now);
  return names.length === Object.keys(before).length && names.every((name) => before[name] === now[name]);
}
