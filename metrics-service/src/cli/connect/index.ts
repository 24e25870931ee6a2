import { Command, Option } from 'commander';
import { ORG_FLAG } from '../options.js';
import type { Surroundings } from '../surroundings.js';
import { connectBy, connectTool, type Flags, type ToolFlags } from './run.js';
import { collectorConfig, runnerScript } from './texts.js';
import { claudeCode, codex, gemini } from './tools.js';

interface ClaudeCodeFlags extends ToolFlags {
  hooks: boolean;
  toolHooks?: boolean;
  traces?: boolean;
}

/** `runboard connect claude-code | codex | gemini | collector | runner` */
export function connectCommand(surroundings: Surroundings): Command {
  const command = new Command('connect').description(
    'say what to set so that an agent tells this service what it does',
  );
  toFile(toPlace(command.command('claude-code')), '~/.claude/settings.json')
    .description('settings for Claude Code: telemetry and hooks, with a token of their own')
    .addOption(
      new Option('--managed', 'for a whole organization: where managed settings lie').conflicts(['write', 'undo']),
    )
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
    .addOption(new Option('--write', 'merge them into the settings file; a copy is kept').conflicts('undo'))
    .option('--undo', 'take them out of the settings file again, and revoke its token')
    .option('--settings <file>', `the settings file (default: ${path})`);
}

function toPlace(command: Command): Command {
  return command
    .option(...ORG_FLAG)
    .option('--url <url>', 'where agents reach the service (default: where it listens)')
    .option('--token <token>', 'a token of scope ingest (default: a fresh one)')
    .option('--no-test', 'send no test record: for an address that this machine does not reach')
    .option('--json', 'print JSON');
}
