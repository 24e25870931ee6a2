import { Command } from 'commander';
import { metaOf, rowsOf } from '../../presentation/rows.js';
import { needsZone, readWindow } from '../../presentation/window.js';
import { Failure } from '../../failure.js';
import { changesIn, changesText, valueOf } from './changes.js';
import { wholeNumber } from '../options.js';
import { printNotices } from '../print-answer.js';
import { framesOf, isRich, ownZone } from '../query.js';
import { withQueryClient, type ClientFlags } from '../query/client.js';
import { asked, withService } from '../query/options.js';
import { renderAnswer } from '../render/answer.js';
import { answerValue } from '../render/json.js';
import type { Surroundings } from '../surroundings.js';

type Flags = ClientFlags & {
  last?: string;
  from?: string;
  to?: string;
  timezone?: string;
  limit: number;
  json?: boolean;
  color?: boolean;
};

/** `runboard budget list`: how the budgets stand now. */
export function listCommand(surroundings: Surroundings): Command {
  const command = new Command('list').description('list the budgets: what is spent of them, and what will be');
  return withOutput(surroundings, command, 'budgets').addHelpText('after', '\nExample:\n  runboard budget list --json');
}

/** `runboard budget history`: how they stood. */
export function historyCommand(surroundings: Surroundings): Command {
  const command = new Command('history')
    .description(
      'list the past periods of budgets, with the limit that held, and all changes up to now: of what, by which source',
    )
    .option('--last <duration>', 'periods that overlap the last 90d, 6mo, 1y (default: 30d)')
    .option('--from <time>', 'or from that date on')
    .option('--to <time>', 'up to that date (default: now)')
    .option('--timezone <zone>', 'IANA name, for these dates (default: the organization’s)');
  const help =
    '\nExamples:\n  runboard budget history --last 1y\n  runboard budget history core-monthly --json\n\nWhich person changed one here: runboard audit';
  return withOutput(surroundings, command, 'budget_history').addHelpText('after', help);
}

function withOutput(surroundings: Surroundings, command: Command, view: string): Command {
  command
    .argument('[budget...]', 'ids or names (default: all)')
    .option('--limit <n>', 'rows at most', wholeNumber(1, 10_000), 100)
    .option('--json', 'exact numbers as JSON')
    .option('--no-color', 'no colours (also: NO_COLOR, or no terminal)');
  withService(command);
  return command.action(async (budgets: string[], flags: Flags) => {
    await asked(command, () => list(surroundings, { view, budgets }, flags));
  });
}

/** Queries and prints; notices go to stderr. @throws BadUsage, InvalidQuery, Failure */
async function list(
  surroundings: Surroundings,
  { view, budgets }: { view: string; budgets: readonly string[] },
  { limit, json, color, ...flags }: Flags,
): Promise<void> {
  const { clock, stdout } = surroundings;
  const now = clock();
  await withQueryClient(surroundings, { ...flags, now }, async (client) => {
    const timezone = needsZone(flags) ? (flags.timezone ?? (await ownZone(client))) : 'UTC';
    const window = readWindow(flags, now, timezone);
    const filters = budgets.length > 0 ? { filters: { budget: budgets } } : {};
    const query = { refId: 'A', view, ...window, limit, ...filters };
    const frames = framesOf(await client.ask({ queries: [query] }));
    const { answered, notices } = metaOf(frames);
    const found = rowsOf(frames);
    const isOfNow = view === 'budgets';
    if (isOfNow && budgets.length > 0 && found.rows.length === 0 && notices[0]) throw new Failure(notices[0].text);
    const changes = isOfNow ? null : await changesIn(client, window, budgets);
    if (json) {
      const value = answerValue(found, answered, { owner: client.owner, view, notices });
      stdout.write(`${JSON.stringify(changes ? { ...value, changes: changes.map(valueOf) } : value)}\n`);
      return;
    }
    const look = {
      owner: client.owner,
      rich: isRich(stdout, color),
      width: Infinity,
      metrics: [],
      groupBy: [],
      isOfNow,
    };
    stdout.write(renderAnswer(found, answered, look));
    if (changes && changes.length > 0) stdout.write(`\n${changesText(changes, answered.timezone)}\n`);
    printNotices(surroundings, notices, color);
  });
}
