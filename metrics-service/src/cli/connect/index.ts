import { Command } from 'commander';
import { createToken } from '../../access/tokens.js';
import { BadUsage } from '../../failure.js';
import { resolveOrganization, serviceUrl, withDatabase } from '../context.js';
import { ORG_FLAG } from '../options.js';
import { print, type Surroundings } from '../surroundings.js';
import type { ToolFile } from './files.js';
import { copyOf } from './settings-file.js';
import { sendTestRecord } from './test-record.js';
import { collectorConfig, runnerScript } from './texts.js';
import { claudeCode, codex, gemini, type Target, type Tool } from './tools.js';

interface Flags {
  org?: string;
  url?: string;
  token?: string;
  json?: boolean;
}

interface ToolFlags extends Flags {
  write?: boolean;
  undo?: boolean;
  settings?: string;
  managed?: boolean;
}

interface ClaudeCodeFlags extends ToolFlags {
  hooks: boolean;
  toolHooks?: boolean;
  traces?: boolean;
}

const MANAGED = [
  'macOS            /Library/Application Support/ClaudeCode/managed-settings.json',
  'Linux and WSL    /etc/claude-code/managed-settings.json',
  'Windows          C:\\Program Files\\ClaudeCode\\managed-settings.json',
];

/** `runboard connect claude-code | codex | gemini | collector | runner` */
export function connectCommand(surroundings: Surroundings): Command {
  const command = new Command('connect').description(
    'say what to set so that an agent tells this service what it does',
  );
  toFile(toPlace(command.command('claude-code')), '~/.claude/settings.json')
    .description('settings for Claude Code: telemetry and hooks, with a token of their own')
    .option('--managed', 'for a whole organization: where managed settings lie')
    .option('--no-hooks', 'telemetry alone')
    .option('--tool-hooks', 'hooks for every tool call, too')
    .option('--traces', 'spans, too (a beta of Claude Code)')
    .addHelpText(
      'after',
      '\nExamples:\n  runboard connect claude-code --write\n  runboard connect claude-code --managed --url https://runboard.example.com --org acme',
    )
    .action((flags: ClaudeCodeFlags) => {
      const { settings, hooks, toolHooks = false, traces = false } = flags;
      return connectTool(surroundings, flags, (target) =>
        claudeCode(surroundings, settings, target, { hooks, toolHooks, traces }),
      );
    });
  toFile(toPlace(command.command('codex')), '~/.codex/config.toml')
    .description('settings for Codex: telemetry, with a token of its own')
    .addHelpText('after', '\nExample:\n  runboard connect codex --write')
    .action((flags: ToolFlags) =>
      connectTool(surroundings, flags, (target) => codex(surroundings, flags.settings, target)),
    );
  toFile(toPlace(command.command('gemini')), '~/.gemini/settings.json')
    .description('settings for Gemini CLI: telemetry, and the variable with a token of its own')
    .addHelpText('after', '\nExample:\n  runboard connect gemini --write')
    .action((flags: ToolFlags) =>
      connectTool(surroundings, flags, (target) => gemini(surroundings, flags.settings, target)),
    );
  toPlace(command.command('collector'))
    .description('configuration for an OpenTelemetry collector that passes telemetry on')
    .addHelpText('after', '\nExample:\n  runboard connect collector > runboard-collector.yaml')
    .action((flags: Flags) => connectBy(surroundings, 'collector', flags, collectorConfig));
  toPlace(command.command('runner'))
    .description('a post-session script for runners, which says how a session ended')
    .addHelpText('after', '\nExample:\n  runboard connect runner > post-session && chmod 700 post-session')
    .action((flags: Flags) => connectBy(surroundings, 'runner', flags, runnerScript));
  return command;
}

function toFile(command: Command, path: string): Command {
  return command
    .option('--write', 'merge them into the settings file; a copy is kept')
    .option('--undo', 'take them out of the settings file again')
    .option('--settings <file>', `the settings file (default: ${path})`);
}

function toPlace(command: Command): Command {
  return command
    .option(...ORG_FLAG)
    .option('--url <url>', 'where agents reach the service (default: where it listens)')
    .option('--token <token>', 'a token of scope ingest (default: a fresh one)')
    .option('--json', 'print JSON');
}

interface Place {
  url: string;
  token: string;
  /** null: not of this database */
  orgId: string | null;
}

/** Where to send, with the token that was named or a fresh one. @throws Failure */
async function placeOf(surroundings: Surroundings, what: string, flags: Flags): Promise<Place> {
  const url = (flags.url ?? (await serviceUrl(surroundings))).replace(/\/+$/, '');
  if (!/^https?:\/\/[^\s"']+$/.test(url) || !URL.canParse(url))
    throw new BadUsage('--url must begin with http:// or https://');
  if (flags.token !== undefined) {
    if (!/^rb_[\w-]{32,}$/.test(flags.token)) throw new BadUsage('--token must be a token: rb_…');
    return { url, token: flags.token, orgId: null };
  }
  return withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, flags.org);
    const { actor } = surroundings;
    const { token } = await createToken(database, orgId, { name: `connect ${what}`, scopes: ['ingest'], actor });
    return { url, token, orgId };
  });
}

type MakeTool = (target: Target) => Tool;

/** Prints what to set, writes it, or takes it out again. */
async function connectTool(surroundings: Surroundings, flags: ToolFlags, makeTool: MakeTool): Promise<void> {
  const { name, files } = makeTool({ url: '', token: '' });
  const paths = files.map(({ path }) => path).join(' and ');
  if (flags.undo) {
    for (const file of files) await file.undo();
    print(surroundings, flags.json, { settings: files[0]!.path }, [`took what is for this service out of ${paths}`]);
    return;
  }
  const place = await placeOf(surroundings, name, flags);
  const tool = makeTool(place);
  if (!flags.write) {
    for (const { where, text } of tool.printed) {
      const into = flags.managed
        ? ['put this into', ...MANAGED]
        : [`merge this into ${where}, or run this with --write`];
      surroundings.stderr.write(`${into.join('\n')}\n`);
      surroundings.stdout.write(`${text}\n`);
    }
    await test(surroundings, place);
    return;
  }
  if (flags.managed)
    throw new BadUsage('--managed prints only: managed settings are written by who manages the machines');
  for (const file of tool.files) await file.write();
  await sendTestRecord(surroundings, place);
  const [{ path }] = tool.files as [ToolFile];
  print(surroundings, flags.json, { settings: path, copy: copyOf(path), url: place.url }, [
    ...tool.files.map(
      (file) => `wrote ${file.path} (as it was: ${copyOf(file.path)}; undo: runboard connect ${name} --undo)`,
    ),
    `a test record reached ${place.url} and was seen`,
    'sessions that begin now are told; runboard telemetry shows what comes in',
  ]);
}

/** Says on stderr whether a record gets through: what is printed on stdout goes into files. */
async function test(surroundings: Surroundings, place: Place): Promise<void> {
  await sendTestRecord(surroundings, place);
  surroundings.stderr.write(`a test record reached ${place.url} and was seen\n`);
}

async function connectBy(
  surroundings: Surroundings,
  what: string,
  flags: Flags,
  textOf: (place: Place) => string,
): Promise<void> {
  const place = await placeOf(surroundings, what, flags);
  const text = textOf(place);
  print(surroundings, flags.json, { url: place.url, token: place.token, text }, [text]);
  await test(surroundings, place);
}
