import { Argument, Command, Option } from 'commander';
import { ask, windowOf } from '../mcp/asker.js';
import { compare } from '../mcp/tools/compare.js';
import { comparedRows, COMPARED, comparisonQuery } from '../presentation/comparison.js';
import { wholeNumber } from './options.js';
import { printAnswer } from './print-answer.js';
import { asked, withContrast, withService, withWindow } from './query/options.js';
import { withQueryClient, type ClientFlags } from './query/client.js';
import { readFilters, type QueryFlags } from './query/request.js';
import type { Surroundings } from './surroundings.js';

type Flags = Omit<QueryFlags, 'limit'> &
  ClientFlags & { same?: string; limit: number; json?: boolean; color?: boolean };

const EXAMPLES = `
Examples:
  runboard compare model --same task_type --last 90d
  runboard compare agent --filter work_item_type=bug
  runboard compare --with role=reviewer --of work_items
`;

/** `runboard compare`: who or what does a kind of work best; or what is with and without something. */
export function compareCommand(surroundings: Surroundings): Command {
  const command = new Command('compare')
    .description(
      'compare models, agents, runtimes … with 95 % intervals, and say which are not told apart; or sessions and work items ' +
        'with and without something',
    )
    .addArgument(new Argument('[what]', 'what is compared').choices(COMPARED).default('model'))
    .addOption(new Option('--same <kind>', 'each kind of work by itself').choices(COMPARED));
  withWindow(command);
  withContrast(command);
  command
    .option('--limit <n>', 'rows at most', wholeNumber(1, 1000), 20)
    .option('--json', 'as JSON, with definitions: what the MCP tool compare answers')
    .option('--no-color', 'no colours (also: NO_COLOR, or no terminal)');
  withService(command);
  command.addHelpText('after', EXAMPLES);
  return command.action(async (what: string, flags: Flags) => {
    await asked(command, () => runCompare(surroundings, what, flags));
  });
}

/** Queries and prints; notices go to stderr. @throws BadUsage, BadQuestion, Failure */
async function runCompare(surroundings: Surroundings, by: string, flags: Flags): Promise<void> {
  const { clock, stdout } = surroundings;
  const { same, of = 'sessions', limit, color } = flags;
  const filters = readFilters(flags.filter ?? []);
  const given = flags.with ? readFilters(flags.with, '--with') : undefined;
  await withQueryClient(surroundings, { ...flags, now: clock() }, async (client) => {
    const engine = { ask: client.ask, clock };
    const { last, from, to, timezone } = flags;
    const span = { last, from, to, timezone };
    if (flags.json) {
      const text = await compare.answer(engine, { by, same, with: given, of, filters, limit, ...span });
      stdout.write(`${text}\n`);
      return;
    }
    const window = await windowOf(engine, span);
    const { groupBy, ...query } = given
      ? { view: 'contrast', of, by: given, filters, groupBy: [] }
      : { ...comparisonQuery({ by, same, filters }), limit };
    const answer = await ask(engine, { ...query, groupBy, ...window });
    printAnswer(surroundings, given ? answer : comparedRows(answer, { same }), {
      owner: client.owner,
      color,
      groupBy,
    });
  });
}
