import { Command } from 'commander';
import { loadDemo, DEMO_ORGANIZATION } from '../demo/load.js';
import { createIngest } from '../ingest/index.js';
import { pricesFor } from './prices.js';
import { progressBar } from './progress.js';
import { withDatabase } from './context.js';
import { print, type Surroundings } from './surroundings.js';

/** The approximate number, for the progress bar. */
const EVENTS = 68_000;
const number = new Intl.NumberFormat('en-US');

/** `runboard demo`: an organization to look at. */
export function demoCommand(surroundings: Surroundings): Command {
  return new Command('demo')
    .description('load the demo organization once: 120 days of 60 invented people (`npm start` does this, too)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard demo && runboard query runs total_cost --by team --org demo')
    .action(async ({ json }: { json?: boolean }) => {
      const bar = progressBar(surroundings, 'events');
      const { accepted } = await withDatabase(surroundings, async (database) => {
        const prices = await pricesFor(surroundings, database, DEMO_ORGANIZATION);
        const { maxDeadLetters } = surroundings.config();
        const ingest = createIngest({ database, prices, maxDeadLetters, clock: surroundings.clock });
        return loadDemo({ database, ingest }, { onProgress: (events) => bar.show(events, EVENTS) });
      }).finally(bar.clear);
      print(surroundings, json, { org: DEMO_ORGANIZATION, accepted }, [
        accepted > 0
          ? `loaded the organization ${DEMO_ORGANIZATION}: ${number.format(accepted)} events`
          : `the organization ${DEMO_ORGANIZATION} is loaded already`,
        '',
        'Ask about it:',
        `  npx runboard query runs run_success_rate total_cost --by team --org ${DEMO_ORGANIZATION}`,
      ]);
    });
}
