import { main, say } from './lib/run.mjs';
import { goTests } from './lib/tests.mjs';

// the tests of the plugin's Go part alone; what stands behind the command goes to `go test`
main(async () => {
  const { passed, failed, skipped } = await goTests(process.argv.slice(2));
  for (const reason of skipped) say(`skipped: ${reason}`);
  say(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
});
