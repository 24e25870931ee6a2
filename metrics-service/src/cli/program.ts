import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { VARIABLE_TEXTS } from '../config.js';
import { reach } from './context.js';
import type { Surroundings } from './surroundings.js';

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

/** Every command on one screen; each is loaded when it is asked for, since all together take half a second. */
const COMMANDS: Readonly<Record<string, (given: Surroundings) => Promise<Command>>> = {
  start: async (given) => (await import('./start.js')).startCommand(given),
  serve: async (given) => (await import('./serve.js')).serveCommand(given),
  migrate: async (given) => (await import('./migrate.js')).migrateCommand(given),
  demo: async (given) => (await import('./demo.js')).demoCommand(given),
  org: async (given) => (await import('./org.js')).orgCommand(given),
  token: async (given) => (await import('./token.js')).tokenCommand(given),
  import: async (given) =>
    (await import('./import/index.js')).importCommand({
      ...given,
      reach: ({ asDirectory, ...named }) =>
        reach(given, named, asDirectory ? ['ingest', 'directory', 'admin'] : ['ingest']),
    }),
  connect: async (given) => (await import('./connect/index.js')).connectCommand(given),
  telemetry: async (given) => (await import('./telemetry.js')).telemetryCommand(given),
  doctor: async (given) => (await import('./doctor/index.js')).doctorCommand(given),
  query: async (given) => (await import('./query.js')).queryCommand(given),
  runs: async (given) => (await import('./runs.js')).runsCommand(given),
  live: async (given) => (await import('./live.js')).liveCommand(given),
  findings: async (given) => (await import('./findings.js')).findingsCommand(given),
  cost: async (given) => (await import('./cost.js')).costCommand(given),
  'work-item': async (given) => (await import('./work-item/index.js')).workItemCommand(given),
  'work-items': async (given) => (await import('./work-item/list.js')).workItemsCommand(given),
  agents: async (given) => (await import('./agents.js')).agentsCommand(given),
  compare: async (given) => (await import('./compare.js')).compareCommand(given),
  budget: async (given) => (await import('./budget/index.js')).budgetCommand(given),
  export: async (given) => (await import('./export.js')).exportCommand(given),
  metrics: async (given) => (await import('./query.js')).metricsCommand(given),
  mcp: async (given) => (await import('./mcp.js')).mcpCommand(given),
  prices: async (given) => (await import('./prices.js')).pricesCommand(given),
  'dead-letters': async (given) => (await import('./dead-letters.js')).deadLettersCommand(given),
  rebuild: async (given) => (await import('./rebuild.js')).rebuildCommand(given),
  rollups: async (given) => (await import('./rollups.js')).rollupsCommand(given),
  prune: async (given) => (await import('./prune.js')).pruneCommand(given),
  user: async (given) => (await import('./user/index.js')).userCommand(given),
  repo: async (given) => (await import('./repo.js')).repoCommand(given),
  audit: async (given) => (await import('./audit.js')).auditCommand(given),
  backup: async (given) => (await import('./backup.js')).backupCommand(given),
  restore: async (given) => (await import('./backup.js')).restoreCommand(given),
  'restore-test': async (given) => (await import('./restore-test/index.js')).restoreTestCommand(given),
  bench: async (given) => (await import('./bench.js')).benchCommand(given),
};

/** The command line for these arguments: with the one command that they begin with, or all for help and what is none. */
export async function createProgram(surroundings: Surroundings, [name = '']: readonly string[]): Promise<Command> {
  const program = new Command('runboard')
    .description('How an organization’s coding agents do: events in, true numbers out')
    .version(version, '--version', 'print the version')
    .addHelpText('after', ENVIRONMENT);
  const wanted = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]!] : Object.values(COMMANDS);
  for (const make of wanted) program.addCommand(await make(surroundings));
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
