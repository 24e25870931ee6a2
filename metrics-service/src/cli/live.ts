import { Command } from 'commander';
import { rowsOf, metaOf } from '../presentation/rows.js';
import { wholeNumber } from './options.js';
import { framesOf, isRich } from './query.js';
import { asked, each, withService } from './query/options.js';
import { readRequest } from './query/request.js';
import { withQueryClient, type ClientFlags, type QueryClient } from './query/client.js';
import { OF_NOW, sightOf, type RunsNow } from './live/runs-now.js';
import { watch } from './live/watch.js';
import type { Surroundings } from './surroundings.js';

type Flags = ClientFlags & { filter?: string[]; limit: number; once?: boolean; json?: boolean; color?: boolean };

/** A run that is still looked at began since then. */
const LONG_AGO_MS = 366 * 24 * 3_600_000;

const EXAMPLES = `
Examples:
  runboard live
  runboard live --filter team=core --filter role=builder
  runboard live | grep stuck
  runboard live --json --once
`;

/** `runboard live`: the runs that are queued or in flight now, until it is stopped. */
export function liveCommand(surroundings: Surroundings): Command {
  const command = new Command('live')
    .description('what is going on now: a screen that follows it; in a pipe a line for each run that changes')
    .option('--filter <filter>', 'repo=web, repo=web,api, team!=core, team=(none); repeatable', each)
    .option('--limit <n>', 'runs at most, the latest started first', wholeNumber(1, 10_000), 200)
    .option('--once', 'look once, and end')
    .option('--json', 'a run in JSON on each line')
    .option('--no-color', 'no colours (also: NO_COLOR, or no terminal)');
  withService(command);
  command.addHelpText('after', EXAMPLES);
  return command.action(async (flags: Flags) => {
    await asked(command, () => follow(surroundings, flags));
  });
}

async function follow(surroundings: Surroundings, flags: Flags): Promise<void> {
  const { clock, stdout } = surroundings;
  const look = { rich: isRich(stdout, flags.color), json: flags.json === true };
  await withQueryClient(surroundings, { ...flags, now: clock }, async (client) => {
    const see = async () => sightOf(await runsNow(client, flags, clock()), look);
    if (!flags.once) return watch(surroundings, see);
    const { lines, things } = await see();
    const printed = flags.json ? [...things.values()] : lines;
    stdout.write(printed.map((line) => `${line}\n`).join(''));
  });
}

async function runsNow(client: QueryClient, { filter, limit }: Flags, now: number): Promise<RunsNow> {
  const window = { from: now - 1, to: now };
  const given = { ...(filter ? { filter } : {}) };
  const runs = framesOf(await client.ask(readRequest([], { ...given, view: 'live', limit: String(limit) }, window)));
  const numbers = framesOf(await client.ask(readRequest(OF_NOW, given, window)));
  const { answered, notices } = metaOf(runs);
  return {
    owner: client.owner,
    rows: rowsOf(runs),
    numbers: (rowsOf(numbers).rows[0] ?? {}) as Record<string, number | null>,
    asOf: now,
    timezone: answered.timezone,
    notices: notices.map(({ text }) => text),
    endOf: (ids) => endOf(client, ids, now),
  };
}

/** The status of each of these runs that has ended. */
async function endOf(client: QueryClient, ids: readonly string[], now: number): Promise<Map<string, string>> {
  const query = {
    refId: 'A',
    view: 'runs',
    from: now - LONG_AGO_MS,
    to: now + 1,
    filters: { run: ids },
    limit: ids.length,
  };
  const { rows } = rowsOf(framesOf(await client.ask({ queries: [query] })));
  const ended = rows.filter(({ status }) => status !== 'IN_FLIGHT');
  return new Map(ended.map(({ run, status }) => [run as string, status as string]));
}
