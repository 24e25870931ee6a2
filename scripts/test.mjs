import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { main, runNpm, say, Stop } from './lib/run.mjs';
import { browserTests, goTests, jest } from './lib/tests.mjs';

/** What becomes of a step: its tally, or, of one that has none, one check, failed if it throws. */
async function tallyOf(work) {
  try {
    return (await work()) ?? { passed: 1, failed: 0, skipped: [] };
  } catch (error) {
    say(error instanceof Stop ? error.message : error.stack);
    return { passed: 0, failed: 1, skipped: [] };
  }
}

async function check() {
  const { code, output } = await runNpm(['run', '--silent', 'check'], { quiet: true });
  if (code !== 0) throw new Stop(`${output}\nnpm run check says why above`);
}

/** Those of a group run side by side: jest's tests wait for processes and databases more than they compute. */
const STEPS = [
  // the plugin's types are those of the built service
  { build },
  {
    'tests (jest)': () => jest(process.argv.slice(2)),
    'form, lint and types (npm run check)': check,
    'tests of the plugin backend (go)': goTests,
  },
  { 'tests in a browser (playwright)': browserTests },
];

// npm test: every step runs, whatever became of those before it; the last line is the sum
main(async () => {
  await install();
  const sum = { passed: 0, failed: 0, lines: [], skipped: 0 };
  const step = async ([name, work]) => {
    say(`── ${name} …`);
    const startedAt = Date.now();
    const { passed, failed, skipped } = await tallyOf(work);
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped.length;
    sum.lines.push(...skipped.map((reason) => `skipped: ${reason}`), ...(failed > 0 ? [`failed: ${name}`] : []));
    say(`── ${name}: ${failed > 0 ? 'FAILED' : 'done'} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  };
  for (const group of STEPS) await Promise.all(Object.entries(group).map(step));
  const total = `${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`;
  process.stdout.write(`${['', ...sum.lines, total].join('\n')}\n`);
  process.exitCode = sum.failed > 0 ? 1 : 0;
});
