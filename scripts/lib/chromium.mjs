import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { onPath } from './grafana.mjs';
import { ROOT, run, runNode } from './run.mjs';
import { say } from './say.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const require = createRequire(join(ROOT, 'dashboards/package.json'));
export const PLAYWRIGHT = join(ROOT, 'node_modules/@playwright/test/cli.js');

/** The Chromium of CHROMIUM, Playwright's own, or one on the PATH; installed if there is none. undefined: it failed. */
export async function chromium() {
  return process.env.CHROMIUM || found() || (await installed());
}

function found() {
  const own = require('@playwright/test').chromium.executablePath();
  return existsSync(own) ? own : onPath(NAMES);
}

async function installed() {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && isDebian()) {
    say('Installing Chromium (apt-get) …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { quiet: true });
    const { code, output } = await run('apt-get', ['install', '-qq', '-y', 'chromium'], { quiet: true, env });
    if (code === 0) return found();
    say(output.trim());
  }
  say('Installing Chromium (playwright install) …');
  // the libraries that it needs are for root to install
  const { code, output } = await runNode(PLAYWRIGHT, ['install', ...(isRoot ? ['--with-deps'] : []), 'chromium'], {
    quiet: true,
  });
  if (code !== 0) say(output.trim());
  return found();
}

/** Ubuntu's package is a snap, which does not run in containers. */
function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
