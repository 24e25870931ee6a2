import { Command } from 'commander';
import pc from 'picocolors';
import { metaOf, rowsOf, type RowSet } from '../presentation/rows.js';
import { needsZone, readWindow } from '../presentation/window.js';
import { printable, showTime } from '../format/values.js';
import { wholeNumber } from './options.js';
import { framesOf, isRich, noticeLine, ownZone } from './query.js';
import { withQueryClient, type ClientFlags } from './query/client.js';
import { asked, withService, withWindow } from './query/options.js';
import { readRequest, type QueryFlags } from './query/request.js';
import { answerValue } from './render/json.js';
import { tableLines } from './render/table.js';
import type { Surroundings } from './surroundings.js';

type Flags = Omit<QueryFlags, 'limit'> & ClientFlags & { limit: number; json?: boolean; color?: boolean };

const EXAMPLES = `
Examples:
  runboard findings --last 7d
  runboard findings --filter team=core --limit 20
  runboard findings --json
`;

/** `runboard findings`: what the window is like in a few sentences, and what to look at. */
export function findingsCommand(surroundings: Surroundings): Command {
  const command = new Command('findings').description(
    'say what changed, what it cost and what to look at: retry loops, outliers, what grew, who went quiet',
  );
  withWindow(command);
  command
    .option('--limit <n>', 'rows at most', wholeNumber(1, 10_000), 5)
    .option('--json', 'exact numbers as JSON')
    .option('--no-color', 'no colours (also: NO_COLOR, or no terminal)');
  withService(command);
  command.addHelpText('after', EXAMPLES);
  return command.action(async (flags: Flags) => {
    await asked(command, () => printFindings(surroundings, flags));
  });
}

/** Queries and prints; notices go to stderr. @throws BadUsage, InvalidQuery, Failure */
async function printFindings(surroundings: Surroundings, { limit, ...flags }: Flags): Promise<void> {
  const { clock, stdout, stderr } = surroundings;
  const now = clock();
  await withQueryClient(surroundings, { ...flags, now }, async (client) => {
    const timezone = needsZone(flags) ? (flags.timezone ?? (await ownZone(client))) : 'UTC';
    const window = readWindow(flags, now, timezone);
    const read = async (view: string, more: object = {}) => {
      const [query] = readRequest([], { ...flags, view }, window).queries;
      return framesOf(await client.ask({ queries: [{ ...query, ...more }] }));
    };
    const sentences = rowsOf(await read('headline')).rows.map(({ headline }) => headline as string);
    const frames = await read('findings', { limit });
    const { answered, notices } = metaOf(frames);
    const found = withoutLink(rowsOf(frames));
    if (flags.json) {
      const value = answerValue(found, answered, { owner: client.owner, view: 'findings', notices });
      stdout.write(`${JSON.stringify({ ...value, headline: sentences })}\n`);
      return;
    }
    const rich = isRich(stdout, flags.color);
    const ends = [answered.window.from, answered.window.to].map((ms) => showTime(ms, answered.timezone));
    const head = `${pc.createColors(rich).bold(printable(client.owner))}  ${ends.join(' to ')}  ${answered.timezone}`;
    const look = { timezone: answered.timezone, rich, width: Infinity, metrics: [], groupBy: [] };
    const rows = found.rows.length === 0 ? [] : ['', ...tableLines(found, look)];
    stdout.write(`${[head, ...sentences.map(printable), ...rows].join('\n')}\n`);
    const inColor = isRich(stderr, flags.color);
    if (notices.length > 0) stderr.write(`\n${notices.map((notice) => noticeLine(notice, inColor)).join('')}`);
  });
}

/** There are no boards to lead to; what is found stands last, since it is as long as it is. */
function withoutLink({ columns, ...found }: RowSet): RowSet {
  const others = columns.filter(({ name }) => name !== 'link' && name !== 'what');
  return { ...found, columns: [...others, ...columns.filter(({ name }) => name === 'what')] };
}
