import { Command } from 'commander';
import { BadUsage } from '../../failure.js';
import type { ImportedEvent } from '../../importers/events.js';
import { chunksOf, findJsonl } from '../../importers/files.js';
import { isObject } from '../../importers/json-lines.js';
import { LineSplitter, type Line } from '../../importers/lines.js';
import { Problems } from '../../importers/problems.js';
import { Sender, type Sent } from '../../importers/send.js';
import { ORG_FLAG } from '../options.js';
import { columns, oneLine } from '../table.js';
import { problemLines, progressLine, retryLine } from './report.js';
import type { ImportSurroundings } from './surroundings.js';

interface Flags {
  url?: string;
  token?: string;
  org?: string;
  asDirectory?: boolean;
  json?: boolean;
}

const STDIN = '-';

/** `runboard import events FILE…`: CloudEvents, one a line, as they are. */
export function importEventsCommand(surroundings: ImportSurroundings & { stdin?: NodeJS.ReadStream }): Command {
  return new Command('events')
    .description('import events, one JSON object per line, as written by `org export` and `--dry-run`')
    .argument('<file...>', 'files, or folders with .jsonl files; - is the standard input')
    .option('--url <url>', 'another service (default: the local one)')
    .option('--token <token>', 'a token with scope ingest (default: one made for this import)')
    .option(...ORG_FLAG)
    .option(
      '--as-directory',
      'also accept what the file says about users (role, team, kind and aliases) and budgets (of an export of your own)',
    )
    .option('--json', 'print the totals as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  runboard import events events.ndjson\n  zcat events.ndjson.gz | runboard import events -',
    )
    .action((paths: string[], flags: Flags) => run(paths, flags, surroundings));
}

/** Reads and sends; sets exit code 1 if a line could not be read or the service rejected an event. */
async function run(
  paths: string[],
  flags: Flags,
  surroundings: ImportSurroundings & { stdin?: NodeJS.ReadStream },
): Promise<void> {
  const { stdin, stdout, stderr, clock, reach } = surroundings;
  const problems = new Problems();
  if (flags.asDirectory && flags.token !== undefined) {
    throw new BadUsage('--as-directory cannot be used with --token: use a token that has the scope directory');
  }
  if (paths.includes(STDIN) && paths.length > 1)
    throw new BadUsage('- (the standard input) cannot be combined with files');
  const files = paths[0] === STDIN ? [STDIN] : await findJsonl(paths, problems);
  const service = await reach(flags);
  const progress = progressLine(stderr, clock);
  const sender = new Sender({ ...service, onRetry: retryLine(stderr) });
  const state = { files: files.length, filesRead: 0, bytesRead: 0 };
  try {
    for (const file of files) {
      const chunks = file === STDIN ? (stdin ?? []) : chunksOf(file, problems);
      for await (const [chunk, lines] of linesOf(chunks as AsyncIterable<Buffer>)) {
        await sender.add(lines.flatMap((line) => eventsOf(line, file, problems)));
        progress.show({ ...state, bytesRead: (state.bytesRead += chunk) });
      }
      state.filesRead += 1;
    }
    const sent = await sender.end();
    progress.clear();
    stdout.write(report(sent, problems, flags.json));
    if (sent.rejected > 0 || problems.count > 0) process.exitCode = 1;
  } finally {
    progress.clear();
    await service.done?.();
  }
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<[bytes: number, lines: Line[]]> {
  const splitter = new LineSplitter();
  for await (const chunk of chunks) yield [chunk.length, splitter.push(chunk)];
  yield [0, splitter.end()];
}

/** Whether it is a valid event is checked by the service. */
function eventsOf({ text, number }: Line, file: string, problems: Problems): ImportedEvent[] {
  if (text?.trim() === '') return [];
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (isObject(value)) return [value as unknown as ImportedEvent];
    problems.add(file, number, 'is JSON, but not an object');
  } catch {
    problems.add(file, number, text === null ? 'is too long' : 'is not JSON');
  }
  return [];
}

function report(sent: Sent, problems: Problems, json: boolean | undefined): string {
  const unreadable = { count: problems.count, named: problems.named };
  if (json) return `${JSON.stringify({ ...sent, unreadable })}\n`;
  const number = new Intl.NumberFormat('en-US');
  const lines = [
    ...columns(
      ['new', 'known already', 'rejected', 'unreadable'],
      [[sent.accepted, sent.duplicates, sent.rejected, problems.count].map(number.format)],
    ),
    ...sent.reasons.map(({ type, path, message }) => oneLine(`  rejected ${type}: ${path} ${message}`)),
    ...problemLines(problems),
  ];
  return `${lines.join('\n')}\n`;
}
