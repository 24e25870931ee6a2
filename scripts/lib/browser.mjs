import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run, runNode } from './run.mjs';
import { say } from './say.mjs';

const BOARDS = join(ROOT, 'dashboards');
const PROJECTS = ['boards', 'plugin'];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * The boards and the plugin in a real Grafana, in a browser, where there are both.
 * @returns {Promise<import('./steps.mjs').Tally>}
 */
export async function browserTests() {
  const found = process.env.GRAFANA_HOME || (await run('grafana', ['--version'], { quiet: true })).code === 0;
  if (!found) return skipped('no Grafana is found (GRAFANA_HOME, or grafana on the PATH)');
  const chromium = await findChromium();
  if (!chromium) return skipped('no Chromium is found (CHROMIUM, or npx playwright install chromium)');
  const folder = mkdtempSync(join(tmpdir(), 'runboard-test-'));
  const report = join(folder, 'report.json');
  try {
    const playwright = join(ROOT, 'node_modules/@playwright/test/cli.js');
    const projects = PROJECTS.map((name) => `--project=${name}`);
    const env = { ...process.env, CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const config = `--config=${join(BOARDS, 'playwright.config.ts')}`;
    const { code } = await runNode(playwright, ['test', config, ...projects, '--reporter=line,json'], { env });
    const { expected, unexpected, flaky } = JSON.parse(readFileSync(report, 'utf8')).stats;
    return { passed: expected + flaky, failed: unexpected === 0 && code !== 0 ? 1 : unexpected, skipped: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function skipped(why) {
  say(`skipped: ${why}`);
  return { passed: 0, failed: 0, skipped: [`browser tests: ${why}`] };
}

async function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const own = createRequire(join(BOARDS, 'package.json'))('@playwright/test').chromium.executablePath();
  if (existsSync(own)) return own;
  const folders = (process.env.PATH ?? '').split(':');
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
}
