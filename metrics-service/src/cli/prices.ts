import { Command } from 'commander';
import type { Database } from '../db/database.js';
import { Failure } from '../failure.js';
import { pricesHash } from '../ingest/reprice.js';
import { loadPrices, type PriceTable } from '../pricing/index.js';
import { BUILT_IN_PRICES } from '../pricing/prices.js';
import type { Surroundings } from './surroundings.js';

/** `runboard prices`: the built-in ones, to start a file of one's own from. */
export function pricesCommand({ stdout }: Surroundings): Command {
  return new Command('prices')
    .description('print the built-in prices as JSON, in the shape of a file for RUNBOARD_PRICES')
    .addHelpText('after', '\nExample:\n  runboard prices > my-prices.json')
    .action(() => void stdout.write(`${JSON.stringify(BUILT_IN_PRICES, null, 2)}\n`));
}

/**
 * The prices that this shell names, for a command that computes costs itself. @throws Failure where the organization's
 * costs were computed with others: one half of them would then be of either list
 */
export async function pricesFor(surroundings: Surroundings, database: Database, orgId: string): Promise<PriceTable> {
  const { pricesFile } = surroundings.config();
  const prices = loadPrices(pricesFile);
  const used = await pricesHash(database, orgId);
  if (used === null || used === prices.hash) return prices;
  const here = pricesFile === undefined ? 'the built-in ones, as RUNBOARD_PRICES is not set' : pricesFile;
  throw new Failure(
    `the costs of ${orgId} were computed with other prices than those of this shell (${here}): ` +
      'set RUNBOARD_PRICES as the service has it, or start the service with these first',
  );
}
