import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { Command } from 'commander';
import { EXPORTED_VIEWS } from '../export/index.js';
import { BadUsage, Failure } from '../failure.js';
import { ownZone } from './query.js';
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
import { withQueryClient, type ClientFlags } from './query/client.js';
import { needsZone, readWindow } from '../presentation/window.js';
import type { Surroundings } from './surroundings.js';

type Flags = QueryFlags & ClientFlags & { output?: string };

const EXAMPLES = `
Examples:
  runboard export runs --last 7d --filter status=FAILED > failed.csv
  runboard export sessions --last 90d --order-by total_cost --output sessions.csv
  runboard export contrast --with role=reviewer --last 90d
  runboard export table runs total_cost --by user --last 30d
`;

/** `runboard export`: runs, sessions or a table as CSV. */
export function exportCommand(surroundings: Surroundings): Command {
  const command = new Command('export')
    .description(
      'write runs, sessions or a table as CSV: all rows, exact numbers. Rows are ordered by id, and the export continues ' +
        'by itself after an interruption, unless an order, --limit or --offset is given',
    )
    .argument('<view>', EXPORTED_VIEWS.join(', '))
    .argument('[metric...]', 'for a table: its columns')
    .option('--output <file>', 'write to this file instead of the standard output')
    .option('--by <dimension>', 'for a table: group by it; at most two, repeated or comma-separated', each);
  withWindow(command);
  command
    .option(COMPARE_FLAG[0], `for a table: ${COMPARE_FLAG[1]}`)
    .option(INTERVALS_FLAG[0], `for a table: ${INTERVALS_FLAG[1]}`)
    .option('--trend <metric>', 'for a table: its points in each row');
  withContrast(command);
  withOrder(command, 'a metric or column');
  command.option('--limit <n>', 'maximum number of rows (default: all)').option('--offset <n>', 'rows to skip');
  withService(command);
  command.addHelpText('after', EXAMPLES);
  return command.action(async (view: string, metrics: string[], flags: Flags) => {
    await asked(command, () => runExport(surroundings, { view, metrics, flags }));
  });
}

/** @throws BadUsage, InvalidQuery, Failure */
async function runExport(
  surroundings: Surroundings,
  { view, metrics, flags }: { view: string; metrics: string[]; flags: Flags },
): Promise<void> {
  if (!EXPORTED_VIEWS.includes(view)) {
    throw new BadUsage(`${JSON.stringify(view)} cannot be exported: choose one of ${EXPORTED_VIEWS.join(', ')}`);
  }
  const now = surroundings.clock();
  await withQueryClient(surroundings, { ...flags, now }, async (client) => {
    const timezone = needsZone(flags) ? (flags.timezone ?? (await ownZone(client))) : 'UTC';
    const [query] = readRequest(metrics, { ...flags, view }, readWindow(flags, now, timezone)).queries;
    const open = () => (flags.output === undefined ? notEnding(surroundings.stdout) : createWriteStream(flags.output));
    await client.save(view, query, open).catch((error: unknown) => {
      if (flags.output === undefined || !isOfFile(error)) throw error;
      throw new Failure(`cannot write ${flags.output}: ${error.message}`, { cause: error });
    });
  });
}

function isOfFile(error: unknown): error is Error {
  return ['open', 'write', 'close'].includes((error as NodeJS.ErrnoException).syscall ?? '');
}

/** Writes to the stream without ending it, with backpressure, so that a slow reader slows down the export. */
export function notEnding(stream: NodeJS.WriteStream): Writable {
  return new Writable({ write: (chunk: Buffer, _encoding, done) => void stream.write(chunk, done) });
}
