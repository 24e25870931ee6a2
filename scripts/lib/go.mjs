import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT, run } from './run.mjs';
import { say, Stop } from './say.mjs';
import { withTestService } from './test-service.mjs';

const PLUGIN = join(ROOT, 'plugin');

/**
 * Form, vet and tests of the Go part, against a real service. `flags` go to `go test`.
 * @returns {Promise<import('./steps.mjs').Tally>}
 */
export async function goTests(flags) {
  if ((await run('go', ['version'], { quiet: true })).code !== 0) {
    return { passed: 0, failed: 0, skipped: ['tests of the plugin backend: Go is not installed (https://go.dev/dl)'] };
  }
  const unformatted = await run('gofmt', ['-l', join(PLUGIN, 'pkg')], { quiet: true });
  if (unformatted.code !== 0 || unformatted.output) throw new Stop(`not as gofmt has it:\n${unformatted.output}`);
  const vetted = await run('go', ['vet', '-C', PLUGIN, './...'], { quiet: true });
  if (vetted.code !== 0) throw new Stop(vetted.output.trim());
  return withTestService(({ url, token }) => goTest(flags, { RUNBOARD_TEST_URL: url, RUNBOARD_TEST_TOKEN: token }));
}

/** Tests are counted with their subtests; what a failed one printed is shown. */
async function goTest(flags, env) {
  // a cached result knows nothing of the service
  const args = ['test', '-C', PLUGIN, '-json', '-count=1', './...', ...flags];
  const child = spawn('go', args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 2] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const tally = { passed: 0, failed: 0, skipped: [] };
  const outputs = new Map();
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    const { Action, Test, Package, Output } = JSON.parse(line);
    const test = `${Package} ${Test}`;
    if (Action === 'output' || Action === 'build-output') outputs.set(test, (outputs.get(test) ?? '') + Output);
    if (Action === 'fail') say((outputs.get(test) ?? '').trimEnd());
    if (Test === undefined) continue;
    if (Action === 'pass') tally.passed += 1;
    if (Action === 'fail') tally.failed += 1;
    if (Action === 'skip') tally.skipped.push(`${Package.replace(/^.*\/(?=plugin\/)/, '')}: ${Test}`);
  }
  const code = await ended;
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}
