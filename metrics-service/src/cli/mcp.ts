import { once } from 'node:events';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { Command } from 'commander';
import { createMcpServer } from '../mcp/server.js';
import { withService } from './query/options.js';
import { withQueryClient, type ClientFlags } from './query/client.js';
import type { Surroundings } from './surroundings.js';

/** `runboard mcp`: the Model Context Protocol over stdin and stdout, until stdin ends. */
export function mcpCommand(surroundings: Surroundings): Command {
  return withService(new Command('mcp'))
    .description('answer an AI client’s questions over stdin and stdout (Model Context Protocol)')
    .addHelpText('after', '\nExample:\n  runboard mcp --org acme')
    .action((flags: ClientFlags) => serveStdio(surroundings, flags));
}

/** stdout belongs to the protocol alone: what goes wrong is said on stderr. @throws Failure if nothing answers */
async function serveStdio(surroundings: Surroundings, flags: ClientFlags): Promise<void> {
  const { clock, stderr } = surroundings;
  await withQueryClient(surroundings, { ...flags, now: clock() }, async () => {});
  const server = createMcpServer(
    {
      clock,
      // a source for each question: a client stays open for days, over restarts of the database
      ask: (body) => withQueryClient(surroundings, { ...flags, now: clock() }, (source) => source.ask(body)),
    },
    (error) => stderr.write(`runboard: ${String(error)}\n`),
  );
  const ended = once(process.stdin, 'end');
  await server.connect(new StdioServerTransport());
  await ended;
}
