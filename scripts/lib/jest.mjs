import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT, runNode } from './run.mjs';

const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');

/** Runs the tests of a workspace. @returns {Promise<import('./steps.mjs').Tally>} */
export async function jest(workspace, args) {
  const folder = mkdtempSync(join(tmpdir(), 'runboard-test-'));
  const report = join(folder, 'report.json');
  const options = ['--ci', '--json', `--outputFile=${report}`, `--rootDir=${join(ROOT, workspace)}`, ...args];
  const node = {
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
  };
  const config = `--config=${join(ROOT, workspace, 'jest.config.js')}`;
  try {
    const { code } = await runNode(JEST, [config, ...options], node);
    return tally(JSON.parse(readFileSync(report, 'utf8')), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not even be loaded is one failure; so is a run that ends badly without a failed test. */
function tally(report, code) {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.testResults.flatMap((file) =>
      file.assertionResults
        .filter(({ status }) => status === 'pending' || status === 'todo' || status === 'skipped')
        .map(({ fullName }) => `${relative(ROOT, file.name)}: ${fullName}`),
    ),
  };
}
