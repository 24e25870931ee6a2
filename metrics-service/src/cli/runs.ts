import { Command } from 'commander';
import pc from 'picocolors';
import { ORG_FLAG, wholeNumber } from './options.js';
import { isRich, noticeLine, ownZone } from './query.js';
import { BadUsage } from '../failure.js';
import { asked, withOrder, withService, withWindow } from './query/options.js';
import { readRequest, type QueryFlags } from './query/request.js';
import { withQueryClient, type ClientFlags } from './query/client.js';
import { needsZone, readWindow } from '../presentation/window.js';
import { answerValue } from './render/json.js';
import type { RowSet, ShownRow } from '../presentation/rows.js';
import { watch, type Sight } from './live/watch.js';
import { tableLines } from './render/table.js';
import { printable, showTime, showValue } from '../format/values.js';
import { showRun, type ShowFlags } from './runs/show.js';
import { answeredBy, oneLine, summarize, summaryLines } from './runs/summary.js';
import type { Surroundings } from './surroundings.js';

type Flags = Omit<QueryFlags, 'limit'> &
  ClientFlags & { limit: number; failed?: boolean; watch?: boolean; json?: boolean; color?: boolean };

const EXAMPLES = `
Examples:
  runboard runs --last 24h
  runboard runs --failed --last 7d --filter repo=web
  runboard runs --watch --last 1h
  runboard runs --order-by total_cost --limit 5 --json
  runboard runs show r-2041
`;

/** `runboard runs` and `runboard runs show`: a list of runs, and the details of one. */
export function runsCommand(surroundings: Surroundings): Command {
  const command = new Command('runs')
    .description('list runs, latest first, with the last failure and the usual duration')
    // options after `show` belong to it
    .enablePositionalOptions()
    .option('--failed', 'only failed runs')
    .option(
      '--watch',
      'look every second: a screen that follows; in a pipe a line for each run that is new or changes',
    );
  withWindow(command);
  withOrder(command, 'a column, such as total_cost or duration (default: started_at)');
  command
    .option('--limit <n>', 'rows at most', wholeNumber(1, 10_000), 20)
    .option('--offset <n>', 'rows to skip')
    .option('--json', 'exact numbers as JSON')
    .option('--no-color', 'no colours (also: NO_COLOR, or no terminal)');
  withService(command);
  command.addHelpText('after', EXAMPLES);
  command
    .command('show')
    .description(
      'show one run: phases, calls by model, artifacts, the full error, and a command that shows its session',
    )
    .argument('<id>', 'the run')
    .option('--json', 'exact numbers as JSON')
    .option('--no-color', 'no colours (also: NO_COLOR, or no terminal)')
    .option(...ORG_FLAG)
    .addHelpText('after', '\nExample:\n  runboard runs show r-2041')
    .action((id: string, flags: ShowFlags) => {
      const before = command.opts<ShowFlags>();
      return showRun(surroundings, id, { ...before, ...flags, color: before.color !== false && flags.color !== false });
    });
  return command.action(async (flags: Flags) => {
    await asked(command, () => (flags.watch ? watchRuns : listRuns)(surroundings, flags));
  });
}

/** Queries and prints; notices go to stderr. @throws BadUsage, InvalidQuery, Failure */
async function listRuns(surroundings: Surroundings, flags: Flags): Promise<void> {
  const { clock, stdout, stderr } = surroundings;
  const now = clock();
  await withQueryClient(surroundings, { ...flags, now }, async (client) => {
    const timezone = needsZone(flags) ? (flags.timezone ?? (await ownZone(client))) : 'UTC';
    const query = readQuery(flags, readWindow(flags, now, timezone));
    const { rows, answered, notices } = answeredBy(await client.ask({ queries: [query] }));
    const summary = await summarize(client, query);
    if (flags.json) {
      const { metrics, lastFailure } = summary;
      const value = answerValue(rows, answered, { owner: client.owner, view: 'runs', notices });
      const last =
        lastFailure && answerValue({ ...rows, rows: [lastFailure] }, answered, { ...value, owner: '' }).rows[0];
      stdout.write(`${JSON.stringify({ ...value, summary: { ...metrics, last_failure: last } })}\n`);
      return;
    }
    const rich = isRich(stdout, flags.color);
    const ends = [answered.window.from, answered.window.to].map((ms) => showTime(ms, answered.timezone));
    const head = `${pc.createColors(rich).bold(printable(client.owner))}  ${ends.join(' to ')}  ${answered.timezone}`;
    const lines = [head, ...summaryLines(summary, answered.timezone), '', ...runLines(rows, answered.timezone, rich)];
    stdout.write(`${lines.join('\n')}\n`);
    const inColor = isRich(stderr, flags.color);
    if (notices.length > 0) stderr.write(`\n${notices.map((notice) => noticeLine(notice, inColor)).join('')}`);
  });
}

/** The list as it is every second. */
async function watchRuns(surroundings: Surroundings, flags: Flags): Promise<void> {
  const { clock, stdout } = surroundings;
  const rich = isRich(stdout, flags.color);
  await withQueryClient(surroundings, { ...flags, now: clock }, async (client) => {
    const timezone = flags.timezone ?? (await ownZone(client));
    await watch(surroundings, async (): Promise<Sight> => {
      const query = readQuery(flags, readWindow(flags, clock(), timezone));
      const { rows, answered } = answeredBy(await client.ask({ queries: [query] }));
      const ends = [answered.window.from, answered.window.to].map((ms) => showTime(ms, timezone));
      const head = `${pc.createColors(rich).bold(printable(client.owner))}  ${ends.join(' to ')}  ${timezone}`;
      const line = flags.json
        ? (row: ShownRow) => JSON.stringify(row)
        : (row: ShownRow) => runLine(row, rows, timezone);
      const things = rows.rows.map((row): [string, string] => [row.run as string, line(row)]);
      return {
        lines: [head, '', ...runLines(rows, timezone, rich)],
        things: new Map(things),
        gone: () => Promise.resolve([]),
      };
    });
  });
}

/** A run in one line that has what is known of it. */
function runLine(row: ShownRow, { columns }: RowSet, timezone: string): string {
  const cells = SHOWN.flatMap((name) => {
    const column = columns.find((one) => one.name === name);
    const value = name === 'error_summary' ? errorOf(row[name]) : row[name];
    return column && value != null ? showValue(value, column.kind, timezone) : [];
  });
  return cells.join('  ');
}

function readQuery({ failed, limit, ...flags }: Flags, window: { from: number; to: number }): Record<string, unknown> {
  const {
    queries: [query],
  } = readRequest([], { ...flags, view: 'runs', limit: String(limit) }, window);
  if (!failed) return query;
  const filters = (query.filters ?? {}) as Record<string, unknown>;
  if ('status' in filters)
    throw new BadUsage('--failed already filters by status: leave out --failed or the filter on status');
  return { ...query, filters: { ...filters, status: ['FAILED'] } };
}

const SHOWN = [
  ...['run', 'started_at', 'status', 'duration', 'model', 'input_tokens', 'output_tokens', 'total_cost'],
  'error_summary',
];
const ERROR_CHARACTERS = 60;

function runLines({ shape, columns, rows }: RowSet, timezone: string, rich: boolean): string[] {
  if (rows.length === 0) return ['no such run in this window'];
  const names = rows.some(({ url }) => url != null) ? [...SHOWN, 'url'] : SHOWN;
  const shown = names.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const cut = rows.map((row) => ({ ...row, error_summary: errorOf(row.error_summary) }));
  const look = { timezone, rich, width: Infinity, metrics: [], groupBy: [] };
  return tableLines({ shape, columns: shown, rows: cut }, look);
}

function errorOf(summary: unknown): string | null {
  return typeof summary === 'string' ? oneLine(summary, ERROR_CHARACTERS) : null;
}
