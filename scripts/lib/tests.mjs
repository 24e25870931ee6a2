import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { hasGrafana, onPath, ROOT, run, runModule, say, Stop } from './run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Tally skipped ones by name, with the reason */

/** All jest tests, of what was just built; a file that could not be loaded is one failure. @returns {Promise<Tally>} */
export async function jest(args) {
  // more room for new objects: copying those that live on took a tenth of the time
  const nodeOptions = '--experimental-vm-modules --disable-warning=ExperimentalWarning --max-semi-space-size=64';
  const env = { NODE_OPTIONS: nodeOptions, RUNBOARD_TEST_BUILT: '1' };
  const { code, report } = await reported((file) =>
    runModule('jest/bin/jest.js', ['--ci', '--json', `--outputFile=${file}`, ...args], { env }),
  );
  const skipped = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => ['pending', 'todo', 'skipped'].includes(status))
      .map(({ fullName }) => `${relative(ROOT, name)}: ${fullName}`),
  );
  return tally(code, report.numPassedTests, report.numFailedTests + report.numRuntimeErrorTestSuites, skipped);
}

/**
 * Form, vet and tests of the plugin's Go part, against a service of its own; `args` go to `go test`. Tests are counted
 * with their subtests. @returns {Promise<Tally>}
 */
export async function goTests(args = []) {
  if (!onPath('go', 'go.exe')) return skipped('tests of the plugin backend', 'Go is not installed (https://go.dev/dl)');
  const form = await run('gofmt', ['-l', 'plugin/pkg'], { quiet: true });
  if (form.code !== 0 || form.output) throw new Stop(`not as gofmt has it:\n${form.output}`);
  const vet = await run('go', ['vet', '-C', 'plugin', './...'], { quiet: true });
  if (vet.code !== 0) throw new Stop(vet.output.trim());
  const { withBackendService } = await import('../../metrics-service/test/support/backend-service.mjs');
  // a cached result knows nothing of the service
  const test = (env) =>
    run('go', ['test', '-C', 'plugin', '-json', '-count=1', './...', ...args], { quiet: true, env });
  const { code, output } = await withBackendService(test);
  const events = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : [line]));
  const ended = (action) => events.filter(({ Action, Test }) => Action === action && Test);
  if (code !== 0) say(events.map((event) => event.Output ?? (typeof event === 'string' ? event : '')).join(''));
  const names = ended('skip').map(({ Package, Test }) => `${Package.replace(/^.*\/(?=plugin\/)/, '')}: ${Test}`);
  return tally(code, ended('pass').length, ended('fail').length, names);
}

/** The boards and the plugin in a real Grafana, in a browser. @returns {Promise<Tally>} */
export async function browserTests() {
  const what = 'tests in a browser';
  if (!hasGrafana()) return skipped(what, 'no Grafana is found (GRAFANA_HOME, or grafana on the PATH)');
  const browser = process.env.CHROMIUM || chromium();
  if (!browser) return skipped(what, 'no Chromium is found: npx playwright install chromium, or name one in CHROMIUM');
  const options = ['--config=dashboards/playwright.config.ts', '--project=boards', '--project=plugin'];
  const { code, report } = await reported((file) =>
    runModule('@playwright/test/cli.js', ['test', ...options, '--reporter=line,json'], {
      env: { CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    }),
  );
  return tally(code, report.stats.expected + report.stats.flaky, report.stats.unexpected, []);
}

function chromium() {
  const own = createRequire(join(ROOT, 'dashboards/')).resolve('@playwright/test');
  const path = createRequire(own)('@playwright/test').chromium.executablePath();
  return existsSync(path) ? path : onPath('chromium', 'chromium-browser', 'google-chrome');
}

/** Runs what writes a report in JSON. */
async function reported(work) {
  const folder = mkdtempSync(join(tmpdir(), 'runboard-test-'));
  try {
    const file = join(folder, 'report.json');
    const { code } = await work(file);
    return { code, report: JSON.parse(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run that ends badly without a failed test is one failure. */
function tally(code, passed, failed, skipped) {
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped };
}

function skipped(what, why) {
  return { passed: 0, failed: 0, skipped: [`${what}: ${why}`] };
}
