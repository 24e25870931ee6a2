import { say, Stop } from './say.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: string[] }} Tally skipped ones by name, with the reason
 * @typedef {{ name: string, run: () => Promise<Tally | void> }} Step without a tally a step is one check, failed if
 * it throws
 */

/** Runs all steps in order and prints what became of them; the last line is the sum. @returns how many failed */
export async function runSteps(/** @type {Step[]} */ steps) {
  const sum = { passed: 0, failed: 0, skipped: [] };
  const failedSteps = [];
  for (const step of steps) {
    say(`\n── ${step.name}`);
    const startedAt = Date.now();
    const tally = await runStep(step);
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped.push(...tally.skipped);
    if (tally.failed > 0) failedSteps.push(step.name);
    say(`── ${tally.failed > 0 ? 'FAILED' : 'passed'} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  const lines = [
    '',
    ...sum.skipped.map((reason) => `skipped: ${reason}`),
    ...failedSteps.map((name) => `failed: ${name}`),
    `${sum.passed} passed, ${sum.failed} failed, ${sum.skipped.length} skipped`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return sum.failed;
}

/** @returns {Promise<Tally>} */
async function runStep(step) {
  try {
    return (await step.run()) ?? { passed: 1, failed: 0, skipped: [] };
  } catch (error) {
    say(error instanceof Stop ? error.message : error.stack);
    return { passed: 0, failed: 1, skipped: [] };
  }
}
