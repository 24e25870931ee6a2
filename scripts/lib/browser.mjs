import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, PLAYWRIGHT } from './chromium.mjs';
import { hasGrafana } from './grafana.mjs';
import { ROOT, runNode } from './run.mjs';
import { say } from './say.mjs';

const PROJECTS = ['boards', 'plugin'];

/**
 * The boards and the plugin in a real Grafana, in a browser, where there is a Grafana.
 * @returns {Promise<import('./steps.mjs').Tally>}
 */
export async function browserTests() {
  if (!hasGrafana()) return skipped('no Grafana is found (GRAFANA_HOME, or grafana on the PATH)');
  const browser = await chromium();
  if (!browser) return skipped('no Chromium is found, nor could it be installed: install one, or name it in CHROMIUM');
  const folder = mkdtempSync(join(tmpdir(), 'runboard-test-'));
  const report = join(folder, 'report.json');
  try {
    const projects = PROJECTS.map((name) => `--project=${name}`);
    const env = { ...process.env, CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const config = `--config=${join(ROOT, 'dashboards/playwright.config.ts')}`;
    const { code } = await runNode(PLAYWRIGHT, ['test', config, ...projects, '--reporter=line,json'], { env });
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
