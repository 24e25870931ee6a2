import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { createToken } from '../../access/tokens.js';
import { BadUsage, Failure } from '../../failure.js';
import { resolveOrganization, serviceUrl, withDatabase } from '../context.js';
import { ORG_FLAG } from '../options.js';
import { print, type Surroundings } from '../surroundings.js';
import { copyOf, finishUndo, readSettings, writeSettings } from './settings-file.js';
import { claudeCodeSettings, withoutService, withService } from './settings.js';
import { sendTestRecord } from './test-record.js';
import { collectorConfig, runnerScript } from './texts.js';

interface Flags {
  org?: string;
  url?: string;
  token?: string;
  json?: boolean;
}

interface ClaudeCodeFlags extends Flags {
  write?: boolean;
  undo?: boolean;
  settings?: string;
  managed?: boolean;
  hooks: boolean;
  toolHooks?: boolean;
  traces?: boolean;
}

const MANAGED = [
  'macOS            /Library/Application Support/ClaudeCode/managed-settings.json',
  'Linux and WSL    /etc/claude-code/managed-settings.json',
  'Windows          C:\\Program Files\\ClaudeCode\\managed-settings.json',
];

/** `runboard connect claude-code | collector | runner` */
export function connectCommand(surroundings: Surroundings): Command {
  const command = new Command('connect').description(
    'say what to set so that an agent tells this service what it does',
  );
  toPlace(command.command('claude-code'))
    .description('settings for Claude Code: telemetry and hooks, with a token of their own')
    .option('--write', 'merge them into the settings file; a copy is kept')
    .option('--undo', 'take them out of the settings file again')
    .option('--settings <file>', 'the settings file (default: ~/.claude/settings.json)')
    .option('--managed', 'for a whole organization: where managed settings lie')
    .option('--no-hooks', 'telemetry alone')
    .option('--tool-hooks', 'hooks for every tool call, too')
    .option('--traces', 'spans, too (a beta of Claude Code)')
    .addHelpText(
      'after',
      '\nExamples:\n  runboard connect claude-code --write\n  runboard connect claude-code --managed --url https://runboard.example.com --org acme',
    )
    .action((flags: ClaudeCodeFlags) => connectClaudeCode(surroundings, flags));
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

async function connectClaudeCode(surroundings: Surroundings, flags: ClaudeCodeFlags): Promise<void> {
  const path = flags.settings ?? settingsPath(surroundings);
  if (flags.undo) return undo(surroundings, path, flags.json);
  const place = await placeOf(surroundings, 'claude-code', flags);
  const { hooks, toolHooks = false, traces = false } = flags;
  const options = { ...place, hooks, toolHooks, traces };
  if (!flags.write) {
    const settings = claudeCodeSettings(options);
    const where = flags.managed ? ['put this into', ...MANAGED] : [`merge this into ${path}, or run this with --write`];
    surroundings.stderr.write(`${where.join('\n')}\n`);
    surroundings.stdout.write(`${JSON.stringify(settings, null, 2)}\n`);
    await test(surroundings, place);
    return;
  }
  if (flags.managed)
    throw new BadUsage('--managed prints only: managed settings are written by who manages the machines');
  await writeSettings(path, withService((await readSettings(path)) ?? {}, options));
  await sendTestRecord(surroundings, place);
  print(surroundings, flags.json, { settings: path, copy: copyOf(path), url: place.url }, [
    `wrote ${path} (as it was: ${copyOf(path)}; undo: runboard connect claude-code --undo)`,
    `a test record reached ${place.url} and was seen`,
    'sessions that begin now are told; runboard telemetry shows what comes in',
  ]);
}

/** Says on stderr whether a record gets through: what is printed on stdout goes into files. */
async function test(surroundings: Surroundings, place: Place): Promise<void> {
  await sendTestRecord(surroundings, place);
  surroundings.stderr.write(`a test record reached ${place.url} and was seen\n`);
}

async function undo(surroundings: Surroundings, path: string, json: boolean | undefined): Promise<void> {
  const settings = await readSettings(path);
  const before = await readSettings(copyOf(path));
  if (settings === null || before === null)
    throw new Failure(`${path} was not written by runboard connect: nothing to undo`);
  await finishUndo(path, withoutService(settings, before));
  print(surroundings, json, { settings: path }, [`took telemetry and hooks for this service out of ${path}`]);
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

function settingsPath({ environment }: Surroundings): string {
  const folder = environment.CLAUDE_CONFIG_DIR?.split(',')[0]?.trim() || join(environment.HOME ?? homedir(), '.claude');
  return join(folder, 'settings.json');
}
