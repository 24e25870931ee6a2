import { Command } from 'commander';
import { metaOf, rowsOf } from '../../presentation/rows.js';
import { needsZone, readWindow } from '../../presentation/window.js';
import { NONE } from '../../contract/query.js';
import { printCost } from '../cost.js';
import { wholeNumber } from '../options.js';
import { framesOf, isRich, noticeLine, ownZone } from '../query.js';
import { withQueryClient, type ClientFlags } from '../query/client.js';
import { asked, withOrder, withService, withWindow } from '../query/options.js';
import { readRequest, type QueryFlags } from '../query/request.js';
import { renderAnswer } from '../render/answer.js';
import { answerValue } from '../render/json.js';
import type { Surroundings } from '../surroundings.js';

type Flags = Omit<QueryFlags, 'limit'> &
  ClientFlags & { limit: number; unlinked?: boolean; json?: boolean; color?: boolean };

const UNLINKED = ['session', 'user', 'repo', 'last_active_at', 'runs', 'total_cost'];
const EXAMPLES = `
Examples:
  runboard work-item list --last 30d --order-by time_to_close
  runboard work-item list --unlinked
  runboard work-items MIN-123`;

/** `runboard work-item list` */
export function listCommand(surroundings: Surroundings): Command {
  const command = withList(
    new Command('list').description(
      'list work items that runs are about, the dearest first; or sessions that nobody linked',
    ),
  );
  return command.action(async (flags: Flags) => {
    await asked(command, () => list(surroundings, flags));
  });
}

/** `runboard work-items [ITEM]`: the same list, or what one of them cost. */
export function workItemsCommand(surroundings: Surroundings): Command {
  const command = withList(
    new Command('work-items')
      .description('list work items that runs are about, the dearest first; or what one of them cost in its whole life')
      .argument('[item]', 'a key, a URL'),
  );
  return command.action(async (item: string | undefined, flags: Flags) => {
    await asked(command, () => (item === undefined ? list(surroundings, flags) : printCost(surroundings, item, flags)));
  });
}

function withList(command: Command): Command {
  command.option('--unlinked', 'the sessions with runs that are about no work item');
  withWindow(command);
  withOrder(command, 'a column, such as time_to_close (default: total_cost)');
  command
    .option('--limit <n>', 'rows at most', wholeNumber(1, 10_000), 20)
    .option('--json', 'exact numbers as JSON')
    .option('--no-color', 'no colours (also: NO_COLOR, or no terminal)');
  withService(command);
  return command.addHelpText('after', EXAMPLES);
}

/** Queries and prints; notices go to stderr. @throws BadUsage, InvalidQuery, Failure */
async function list(surroundings: Surroundings, { limit, unlinked, ...flags }: Flags): Promise<void> {
  const { clock, stdout, stderr } = surroundings;
  const now = clock();
  const view = unlinked ? 'sessions' : 'work_items';
  await withQueryClient(surroundings, { ...flags, now }, async (client) => {
    const timezone = needsZone(flags) ? (flags.timezone ?? (await ownZone(client))) : 'UTC';
    const [query] = readRequest([], { ...flags, view }, readWindow(flags, now, timezone)).queries;
    const given = (query.filters ?? {}) as Record<string, unknown>;
    const filters = unlinked ? { ...given, work_item: [NONE] } : given;
    const frames = framesOf(await client.ask({ queries: [{ ...query, filters, limit }] }));
    const { answered, notices } = metaOf(frames);
    const found = rowsOf(frames);
    const shown = unlinked ? { ...found, columns: found.columns.filter(({ name }) => UNLINKED.includes(name)) } : found;
    if (flags.json) {
      const value = answerValue(shown, answered, { owner: client.owner, view, notices });
      stdout.write(`${JSON.stringify(value)}\n`);
      return;
    }
    const rich = isRich(stdout, flags.color);
    const look = { owner: client.owner, rich, width: Infinity, metrics: [], groupBy: [] };
    stdout.write(renderAnswer(shown, answered, look));
    const inColor = isRich(stderr, flags.color);
    if (notices.length > 0) stderr.write(`\n${notices.map((notice) => noticeLine(notice, inColor)).join('')}`);
  });
}
