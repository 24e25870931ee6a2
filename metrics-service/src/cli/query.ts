import { Command } from 'commander';
import pc from 'picocolors';
import { describeCatalogue } from '../catalogue/describe.js';
import type { Frame, Notice, Result } from '../contract/frames.js';
import { VIEWS } from '../query/views/index.js';
import { BadUsage, Failure } from '../failure.js';
import {
  asked,
  COMPARE_FLAG,
  each,
  INTERVALS_FLAG,
  withContrast,
  withOrder,
  withService,
  withWindow,
} from './query/options.js';
import { readRequest, type QueryFlags } from './query/request.js';
import { withQueryClient, type QueryClient, type ClientFlags } from './query/client.js';
import { needsZone, readWindow } from '../presentation/window.js';
import { renderAnswer } from './render/answer.js';
import { renderCatalogue } from './render/catalogue.js';
import { engineLines } from './render/engine.js';
import { answerJson } from './render/json.js';
import { metaOf, rowsOf } from '../presentation/rows.js';
import { printable } from '../format/values.js';
import type { Surroundings } from './surroundings.js';

type Flags = QueryFlags & ClientFlags & { json?: boolean; list?: boolean; color?: boolean };

const EXAMPLES = `
Examples:
  runboard query runs run_success_rate total_cost --last 30d --by team
  runboard query total_cost --by model --filter repo=web,api --from 2026-01-01 --to 2026-02-01
  runboard query runs --interval day --by team --timezone Europe/Vienna
  runboard query runs run_success_rate --last 7d --compare same_weekdays --sparkline
  runboard query run_success_rate --by agent --intervals
  runboard query --with role=reviewer --of work_items --last 90d
  runboard query --view sessions --order-by total_cost --limit 10
  runboard query total_cost --by user --last 90d --explain
`;

const DEFAULT_WIDTH = 120;

/** `runboard query`: any metric by group, filter, interval and zone, as a table or as JSON. */
export function queryCommand(surroundings: Surroundings): Command {
  const command = new Command('query')
    .description('query any metric, by group, filter, interval and time zone')
    .argument('[metric...]', 'what to ask for; see --list')
    .option('--by <dimension>', 'group by it; at most two, repeated or comma-separated', each);
  withWindow(command);
  command
    .option('--interval <interval>', 'a series: hour, day, week, month or auto')
    .option(...COMPARE_FLAG)
    .option(...INTERVALS_FLAG)
    .option('--sparkline', 'without groups: the points of the window beside each number')
    .option('--trend <metric>', 'with groups: the points of a metric, in each row')
    .option('--bounds', 'a series: where each point ends');
  withContrast(command);
  withOrder(command, 'a metric or column (default: the first metric)');
  command
    .option('--limit <n>', 'rows at most (default: 50 groups, 100 sessions)')
    .option('--offset <n>', 'rows to skip')
    .option('--view <view>', `${VIEWS.map(({ name }) => name).join(', ')} (default: as the other options say)`)
    .option('--explain', 'below it: what came from sums of slots, what from the rows, and the time of each statement')
    .option('--json', 'exact numbers as JSON')
    .option('--no-color', 'no colours, bars and sparklines (also: NO_COLOR, or no terminal)');
  withService(command);
  command.option('--list', 'list metrics and dimensions, and ask nothing').addHelpText('after', EXAMPLES);
  return command.action(async (metrics: string[], flags: Flags) => {
    if (flags.list) return printCatalogue(surroundings, flags);
    await asked(command, () => runQuery(metrics, flags, surroundings));
  });
}

/** `runboard metrics`: what can be asked for, with unit and definition. */
export function metricsCommand(surroundings: Surroundings): Command {
  return new Command('metrics')
    .description('list metrics and dimensions with unit and definition')
    .option('--json', 'as JSON, with the filters and groups that each metric takes')
    .option('--no-color', 'no colours')
    .addHelpText('after', '\nExample:\n  runboard metrics --json')
    .action((flags: Flags) => printCatalogue(surroundings, flags));
}

function printCatalogue({ stdout }: Surroundings, { json, color }: Flags): void {
  const catalogue = describeCatalogue();
  stdout.write(json ? `${JSON.stringify(catalogue)}\n` : renderCatalogue(catalogue, isRich(stdout, color)));
}

/** Queries and prints; notices go to stderr. @throws BadUsage, InvalidQuery, Failure */
async function runQuery(metrics: string[], flags: Flags, surroundings: Surroundings): Promise<void> {
  const { clock, stdout, stderr } = surroundings;
  const now = clock();
  await withQueryClient(surroundings, { ...flags, now }, async (client) => {
    const timezone = needsZone(flags) ? (flags.timezone ?? (await ownZone(client))) : 'UTC';
    const request = readRequest(metrics, flags, readWindow(flags, now, timezone));
    const [query] = request.queries;
    const frames = framesOf(await client.ask(request));
    const { answered, notices } = metaOf(frames);
    const [rows, view] = [rowsOf(frames), query.view as string];
    if (flags.json) {
      stdout.write(answerJson(rows, answered, { owner: client.owner, view, notices }));
      return;
    }
    const rich = isRich(stdout, flags.color);
    const shown = { metrics: list(query.metrics), groupBy: list(query.groupBy) };
    const isOfNow = VIEWS.some(({ name, isOfNow }) => name === view && isOfNow);
    const look = { owner: client.owner, rich, width: stdout.columns ?? DEFAULT_WIDTH, isOfNow, ...shown };
    stdout.write(renderAnswer(rows, answered, look));
    if (answered.engine) stdout.write(`\n${engineLines(answered.engine).join('\n')}\n`);
    const inColor = isRich(stderr, flags.color);
    if (notices.length > 0) stderr.write(`\n${notices.map((notice) => noticeLine(notice, inColor)).join('')}`);
  });
}

/** The organization's own zone, which every answer contains. */
export async function ownZone(client: QueryClient): Promise<string> {
  const query = { refId: 'A', view: 'total', metrics: ['data_age'], from: 0, to: 1 };
  return metaOf(framesOf(await client.ask({ queries: [query] }))).answered.timezone;
}

/** The frames of an answer. @throws BadUsage with the engine's message if the query is invalid */
export function framesOf(result: Result): Frame[] {
  if (result.status === 400) throw new BadUsage(result.error);
  if (result.status !== 200) throw new Failure(result.error);
  return result.frames;
}

function list(names: unknown): string[] {
  return (names as string[] | undefined) ?? [];
}

/** Whether to print colours, bars and sparklines. */
export function isRich(stream: NodeJS.WriteStream, color?: boolean): boolean {
  // a pipe has no isTTY, and createColors(undefined) would depend on CI and FORCE_COLOR
  return Boolean(stream.isTTY) && pc.isColorSupported && color !== false;
}

/** A notice as a line. */
export function noticeLine({ severity, text }: Notice, inColor: boolean): string {
  const { yellow, dim } = pc.createColors(inColor);
  const line = `${severity === 'info' ? 'note' : severity}: ${printable(text)}`;
  return `${(severity === 'info' ? dim : yellow)(line)}\n`;
}
