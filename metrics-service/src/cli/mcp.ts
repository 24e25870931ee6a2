import { once } from 'node:events';
import { Command } from 'commander';
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

/** stdout is for the protocol only: errors go to stderr. @throws Failure if nothing answers */
async function serveStdio(surroundings: Surroundings, flags: ClientFlags): Promise<void> {
  const { clock, stderr } = surroundings;
  // loaded here, so that other commands start without it
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const { createMcpServer } = await import('../mcp/server.js');
  await withQueryClient(surroundings, { ...flags, now: clock() }, async () => {});
  const server = createMcpServer(
    {
      clock,
      // connects for each query: a client stays open for days, and the database may restart
      ask: (body) => withQueryClient(surroundings, { ...flags, now: clock() }, (source) => source.ask(body)),
    },
    (error) => stderr.write(`runboard: ${String(error)}\n`),
  );
  const ended = once(process.stdin, 'end');
  await server.connect(new StdioServerTransport());
  await ended;
}
