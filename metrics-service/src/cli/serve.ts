import { Command } from 'commander';
import { openLog } from '../log.js';
import { runService } from './run-service.js';
import type { Surroundings } from './surroundings.js';

/** `runboard serve`: the service only, for servers: JSON lines on stdout, no token, no greeting. */
export function serveCommand(surroundings: Surroundings): Command {
  return new Command('serve')
    .description('run the service: migrate the database, then serve on HOST and PORT until a signal')
    .addHelpText(
      'after',
      '\nExample:\n  DATABASE_URL=postgres://user:password@host/runboard HOST=0.0.0.0 runboard serve',
    )
    .action(async () => {
      const config = surroundings.config();
      const log = openLog(config.logLevel, 'stdout');
      await runService(surroundings, {
        config,
        log,
        onProgress: (line) => log.info(line),
        onReady: async ({ url }) => log.info({ url }, 'serving'),
      });
    });
}
