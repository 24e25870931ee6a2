import { join } from 'node:path';
import { ROOT, run, runNpm } from './run.mjs';
import { say, Stop } from './say.mjs';

const FOUND = 3;

/**
 * Faults of weight that are known of the packages that the service runs with.
 * @returns {Promise<import('./steps.mjs').Tally>}
 */
export async function auditNpm() {
  const briefly = ['--fetch-retries=0', '--fetch-timeout=30000'];
  const args = ['audit', '--workspace=metrics-service', '--omit=dev', '--json', ...briefly];
  const { output } = await runNpm(args, { quiet: true });
  const counts = readJson(output)?.metadata?.vulnerabilities;
  if (!counts) return skipped('npm audit', 'the registry of packages tells no faults here');
  if (counts.high + counts.critical === 0) return passed;
  throw new Stop('npm audit --workspace=metrics-service --omit=dev says more, npm audit fix may help');
}

/** @returns {Promise<import('./steps.mjs').Tally>} */
export async function auditGo() {
  const { code, output } = await run('govulncheck', ['-C', join(ROOT, 'plugin'), './...'], { quiet: true });
  if (code === 127)
    return skipped('govulncheck', 'it is not installed (go install golang.org/x/vuln/cmd/govulncheck@latest)');
  if (code === FOUND) throw new Stop(output.trim());
  return code === 0 ? passed : skipped('govulncheck', output.trim().split('\n').at(-1));
}

const passed = { passed: 1, failed: 0, skipped: [] };

function skipped(what, why) {
  say(`skipped: ${why}`);
  return { passed: 0, failed: 0, skipped: [`${what}: ${why}`] };
}

/** npm writes warnings around its JSON. */
function readJson(output) {
  try {
    return JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
  } catch {
    return null;
  }
}
