import { readFileSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import type { Database } from '../db/database.js';
import { Failure } from '../failure.js';
import { pricesHash } from '../ingest/reprice.js';
import { checkPrices, type Finding } from '../pricing/check.js';
import { loadPriceList, loadPrices, type PriceTable } from '../pricing/index.js';
import { readLiteLlm } from '../pricing/litellm.js';
import { mergeLists, type ListChange } from '../pricing/merge-lists.js';
import { BUILT_IN_PRICES } from '../pricing/prices.js';
import { parseInstant, type PriceRow } from '../pricing/schema.js';
import { print, type Surroundings } from './surroundings.js';
import { columns } from './table.js';
import { plural } from '../format/numbers.js';

const MOST_SHOWN = 20;
const number = new Intl.NumberFormat('en-US');

const IMPORT_EXPLANATION = `
FILE is model_prices_and_context_window.json of LiteLLM. Its prices are compared with those of
RUNBOARD_PRICES, or the built-in ones. Where one differs, the old price ends and the new one begins
on the day that --from names; models that are missing are added. Nothing is written without --write.

Examples:
  runboard prices import model_prices_and_context_window.json
  runboard prices import litellm.json --only claude --only gpt --write my-prices.json`;

/** `runboard prices`: prints the built-in prices, as a start for your own file; with `import` and `check`. */
export function pricesCommand(surroundings: Surroundings): Command {
  const command = new Command('prices')
    .description('print the built-in prices as JSON, in the shape of a file for RUNBOARD_PRICES')
    .addHelpText('after', '\nExample:\n  runboard prices > my-prices.json')
    .action(() => void surroundings.stdout.write(fileText(BUILT_IN_PRICES)));
  command
    .command('import')
    .description('show what a price file of LiteLLM would change; with --write, save the result to a file')
    .argument('<file>', 'the file of LiteLLM')
    .option('--only <word>', 'only models whose name has this in it (may be given several times)', addWord)
    .option('--from <date>', 'the day from which changed prices hold (default: today)', date)
    .option('--write <file>', 'write your prices with these changes to a file')
    .option('--json', 'print JSON')
    .addHelpText('after', IMPORT_EXPLANATION)
    .action((file: string, flags: ImportFlags) => importPrices(surroundings, file, flags));
  command
    .command('check')
    .description(
      'look for likely mistakes in a price file: duplicate models, gaps in time, a cache read that costs more than input',
    )
    .argument('[file]', 'a file for RUNBOARD_PRICES (default: the prices in use)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  runboard prices check my-prices.json')
    .action((file: string | undefined, { json }: { json?: boolean }) => {
      const found = checkPrices(read(() => loadPriceList(file ?? surroundings.config().pricesFile)));
      print(surroundings, json, { findings: found }, findingLines(found));
      if (found.length > 0) throw new Failure(`probably mistaken: ${plural(found.length, 'price')}, see above`);
    });
  return command;
}

interface ImportFlags {
  only?: string[];
  from?: string;
  write?: string;
  json?: boolean;
}

function importPrices(surroundings: Surroundings, file: string, { only, from, write, json }: ImportFlags): void {
  const today = new Date(surroundings.clock()).toISOString().slice(0, 10);
  const own = read(() => loadPriceList(surroundings.config().pricesFile));
  const { rows, leftOut } = read(() => readLiteLlm(JSON.parse(readFileSync(file, 'utf8')), today), `${file}: `);
  const wanted = only ? rows.filter(({ models }) => only.some((word) => models[0]!.includes(word))) : rows;
  const merged = mergeLists(own, wanted, from ?? today);
  const changed = merged.changes.filter(({ before }) => before !== null);
  const added = merged.changes.filter(({ before }) => before === null);
  const findings = checkPrices({ ...own, prices: merged.changes.map(({ after }) => after) });
  if (write !== undefined) writeFileSync(write, fileText(merged.file));
  print(surroundings, json, { ...merged, file: undefined, leftOut, findings, written: write ?? null }, [
    ...(changed.length > 0
      ? ['Changed (US dollars per million tokens, input/output):', ...changeLines(changed), '']
      : []),
    ...(added.length > 0 ? ['Added:', ...changeLines(added.slice(0, MOST_SHOWN)), ...more(added.length), ''] : []),
    ...findingLines(findings).slice(0, MOST_SHOWN),
    `Models: ${number.format(merged.known)} cost the same already, ${number.format(changed.length)} changed, ` +
      `${number.format(added.length)} added; ${number.format(leftOut)} have no price by tokens`,
    write === undefined
      ? 'Nothing was written: add --write my-prices.json, and set RUNBOARD_PRICES to that file'
      : `Wrote ${write}: set RUNBOARD_PRICES to it, and start the service again`,
  ]);
}

function changeLines(changes: ListChange[]): string[] {
  const rates = (row: PriceRow | null): string => (row ? `${row.input}/${row.output}` : '–');
  const terms = ({ tiers, speeds, regions }: PriceRow): string =>
    [...Object.keys(tiers ?? {}), ...Object.keys(speeds ?? {}), ...Object.keys(regions ?? {})].join(' ');
  const rows = changes.map(({ model, before, after }) => [model, rates(before), rates(after), terms(after)]);
  return columns(['model', 'before', 'after', 'also'], rows);
}

function more(count: number): string[] {
  return count > MOST_SHOWN ? [`and ${number.format(count - MOST_SHOWN)} more (--json has all)`] : [];
}

function findingLines(findings: Finding[]): string[] {
  return findings.map(({ model, what }) => `! ${model}: ${what}`);
}

function fileText(prices: object): string {
  return `${JSON.stringify(prices, null, 2)}\n`;
}

/** Errors in a file that the user named are Failures. */
function read<T>(what: () => T, place = ''): T {
  try {
    return what();
  } catch (error) {
    throw new Failure(`${place}${(error as Error).message}`, { cause: error });
  }
}

function addWord(word: string, before: string[] = []): string[] {
  return [...before, word];
}

function date(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && parseInstant(text) !== null) return text;
  throw new InvalidArgumentError('It must be a date such as 2026-11-28.');
}

/**
 * The prices configured in this shell, for a command that computes costs itself. @throws Failure if the organization's costs
 * were computed with other prices: then some costs would be from one list and some from the other
 */
export async function pricesFor(surroundings: Surroundings, database: Database, orgId: string): Promise<PriceTable> {
  const { pricesFile } = surroundings.config();
  const prices = loadPrices(pricesFile);
  const used = await pricesHash(database, orgId);
  if (used === null || used === prices.hash) return prices;
  const here = pricesFile === undefined ? 'the built-in ones, as RUNBOARD_PRICES is not set' : pricesFile;
  throw new Failure(
    `the costs of ${orgId} were computed with prices other than those of this shell (${here}): ` +
      'set RUNBOARD_PRICES to the same file as the service, or restart the service with these prices first',
  );
}
