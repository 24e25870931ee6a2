import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { VARIABLE_TEXTS } from '../config.js';
import { auditCommand } from './audit.js';
import { backupCommand, restoreCommand } from './backup.js';
import { restoreTestCommand } from './restore-test/index.js';
import { benchCommand } from './bench.js';
import { connectCommand } from './connect/index.js';
import { reach } from './context.js';
import { costCommand } from './cost.js';
import { deadLettersCommand } from './dead-letters.js';
import { demoCommand } from './demo.js';
import { doctorCommand } from './doctor/index.js';
import { exportCommand } from './export.js';
import { findingsCommand } from './findings.js';
import { importCommand } from './import/index.js';
import { mcpCommand } from './mcp.js';
import { migrateCommand } from './migrate.js';
import { orgCommand } from './org.js';
import { pricesCommand } from './prices.js';
import { pruneCommand } from './prune.js';
import { metricsCommand, queryCommand } from './query.js';
import { rebuildCommand } from './rebuild.js';
import { repoCommand } from './repo.js';
import { runsCommand } from './runs.js';
import { serveCommand } from './serve.js';
import { startCommand } from './start.js';
import type { Surroundings } from './surroundings.js';
import { telemetryCommand } from './telemetry.js';
import { tokenCommand } from './token.js';
import { userCommand } from './user/index.js';
import { workItemCommand } from './work-item/index.js';

const width = Math.max(...VARIABLE_TEXTS.map(([name]) => name.length));
const ENVIRONMENT = `
Environment (defaults: docs/operating.md):
${VARIABLE_TEXTS.map(([name, may]) => `  ${name.padEnd(width)}  ${may}`).join('\n')}

Examples:
  runboard start
  runboard token create --name laptop --scope ingest
  runboard import claude-code ~/.claude/projects
  runboard query runs run_success_rate total_cost --last 30d --by team
  runboard runs --failed --last 24h`;

const packageFile = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };

/** The command line: every command on one screen. */
export function createProgram(surroundings: Surroundings): Command {
  const program = new Command('runboard')
    .description('How an organization’s coding agents do: events in, true numbers out')
    .version(version, '--version', 'print the version')
    .addHelpText('after', ENVIRONMENT);
  const commands = [
    startCommand(surroundings),
    serveCommand(surroundings),
    migrateCommand(surroundings),
    demoCommand(surroundings),
    orgCommand(surroundings),
    tokenCommand(surroundings),
    importCommand({
      ...surroundings,
      reach: ({ asDirectory, ...named }) =>
        reach(surroundings, named, asDirectory ? ['ingest', 'directory'] : ['ingest']),
    }),
    connectCommand(surroundings),
    telemetryCommand(surroundings),
    doctorCommand(surroundings),
    queryCommand(surroundings),
    runsCommand(surroundings),
    findingsCommand(surroundings),
    costCommand(surroundings),
    workItemCommand(surroundings),
    exportCommand(surroundings),
    metricsCommand(surroundings),
    mcpCommand(surroundings),
    pricesCommand(surroundings),
    deadLettersCommand(surroundings),
    rebuildCommand(surroundings),
    pruneCommand(surroundings),
    userCommand(surroundings),
    repoCommand(surroundings),
    auditCommand(surroundings),
    backupCommand(surroundings),
    restoreCommand(surroundings),
    restoreTestCommand(surroundings),
    benchCommand(surroundings),
  ];
  for (const command of commands) program.addCommand(command);
  strict(program, surroundings);
  return program;
}

/** Usage errors are thrown (exit code 2), and output goes to the streams of the surroundings. */
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
