import { Command } from 'commander';
import { benchCommand } from './bench.js';
import { reach } from './context.js';
import { deadLettersCommand } from './dead-letters.js';
import { importCommand } from './import.js';
import { migrateCommand } from './migrate.js';
import { orgCommand } from './org.js';
import { pricesCommand } from './prices.js';
import { metricsCommand, queryCommand } from './query.js';
import { rebuildCommand } from './rebuild.js';
import { serveCommand } from './serve.js';
import { startCommand } from './start.js';
import type { Surroundings } from './surroundings.js';
import { tokenCommand } from './token.js';

const ENVIRONMENT = `
Environment: DATABASE_URL (default: an embedded PostgreSQL), PORT (8080), HOST (127.0.0.1), LOG_LEVEL,
RUNBOARD_DATA_DIR (.runboard in the repository), RUNBOARD_PRICES (a file that replaces the built-in prices)

Examples:
  runboard start
  runboard token create --name laptop --scope ingest
  runboard import claude-code ~/.claude/projects
  runboard query runs run_success_rate total_cost --last 30d --by team`;

/** The command line: every command on one screen. */
export function createProgram(surroundings: Surroundings): Command {
  const program = new Command('runboard')
    .description('How an organization’s coding agents do: events in, true numbers out')
    .addHelpText('after', ENVIRONMENT);
  const commands = [
    startCommand(surroundings),
    serveCommand(surroundings),
    migrateCommand(surroundings),
    orgCommand(surroundings),
    tokenCommand(surroundings),
    importCommand({ ...surroundings, reach: (named) => reach(surroundings, named, ['ingest']) }),
    queryCommand(surroundings),
    metricsCommand(surroundings),
    pricesCommand(surroundings),
    deadLettersCommand(surroundings),
    rebuildCommand(surroundings),
    benchCommand(surroundings),
  ];
  for (const command of commands) program.addCommand(command);
  strict(program, surroundings);
  return program;
}

/** Errors of usage are thrown (main answers 2), and text goes where the surroundings say. */
function strict(command: Command, surroundings: Surroundings): void {
  command
    .exitOverride()
    .showHelpAfterError('(add --help for what it takes)')
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
    });
  for (const child of command.commands) strict(child, surroundings);
}
