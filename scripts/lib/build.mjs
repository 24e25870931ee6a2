import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runNode } from './run.mjs';
import { say, Stop } from './say.mjs';
import { filesIn, readStamp, sameStamp, stampOf, writeStamp } from './stamp.mjs';

const SERVICE = join(ROOT, 'metrics-service');
const DIST = join(SERVICE, 'dist');
const STAMP = join(DIST, '.built.json');

/** Compiles the service if its sources are not those that dist was built from. */
export async function build() {
  const now = stampOf([
    join(ROOT, 'tsconfig.json'),
    join(ROOT, 'node_modules/typescript/package.json'),
    join(SERVICE, 'tsconfig.build.json'),
    ...filesIn(join(SERVICE, 'src')),
  ]);
  const before = readStamp(STAMP);
  if (before && existsSync(join(DIST, 'cli/main.js')) && sameStamp(before, now)) return;
  // what a removed source left behind must not be found; without a stamp nobody knows what that is
  if (!before || Object.keys(before).some((file) => !(file in now))) rmSync(DIST, { recursive: true, force: true });
  say('Building …');
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { code, output } = await runNode(tsc, ['-p', join(SERVICE, 'tsconfig.build.json')], { quiet: true });
  if (code !== 0) throw new Stop(`The build failed:\n${output.trim()}`);
  writeStamp(STAMP, now);
}
