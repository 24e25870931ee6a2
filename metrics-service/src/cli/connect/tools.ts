import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Surroundings } from '../surroundings.js';
import { codexExporter, withExporter, withoutExporter } from './codex.js';
import { jsonFile, textFile, type ToolFile } from './files.js';
import {
  GEMINI_SHAPE,
  geminiHeaders,
  geminiTelemetry,
  withHeaders,
  withoutHeaders,
  withoutTelemetry,
  withTelemetry,
} from './gemini.js';
import {
  CLAUDE_CODE_SHAPE,
  claudeCodeSettings,
  withoutService,
  withService,
  type ClaudeCodeOptions,
} from './settings.js';

/** Where agents reach the service, and as whom. */
export interface Target {
  readonly url: string;
  readonly token: string;
}

/** A tool with settings files of its own. */
export interface Tool {
  readonly name: string;
  /** what is printed: where it belongs, and what */
  readonly printed: readonly { where: string; text: string }[];
  readonly files: readonly ToolFile[];
}

function home({ environment }: Surroundings): string {
  return environment.HOME ?? homedir();
}

export type ClaudeCodeChoice = Omit<ClaudeCodeOptions, 'url' | 'token'>;

export function claudeCode(
  surroundings: Surroundings,
  path: string | undefined,
  target: Target,
  more: ClaudeCodeChoice,
): Tool {
  const folders = surroundings.environment.CLAUDE_CONFIG_DIR?.split(',')[0]?.trim();
  const settings = resolve(path ?? join(folders || join(home(surroundings), '.claude'), 'settings.json'));
  const options = { ...target, ...more };
  return {
    name: 'claude-code',
    printed: [{ where: settings, text: JSON.stringify(claudeCodeSettings(options), null, 2) }],
    files: [jsonFile(settings, CLAUDE_CODE_SHAPE, (found) => withService(found, options), withoutService)],
  };
}

export function codex(surroundings: Surroundings, path: string | undefined, target: Target): Tool {
  const folder = surroundings.environment.CODEX_HOME || join(home(surroundings), '.codex');
  const config = resolve(path ?? join(folder, 'config.toml'));
  const exporter = codexExporter(target);
  return {
    name: 'codex',
    printed: [{ where: config, text: `[otel]\n${exporter}` }],
    files: [textFile(config, (text) => withExporter(text, exporter, config), withoutExporter)],
  };
}

export function gemini(surroundings: Surroundings, path: string | undefined, { url, token }: Target): Tool {
  const settings = resolve(path ?? join(home(surroundings), '.gemini', 'settings.json'));
  const variables = join(dirname(settings), '.env');
  return {
    name: 'gemini',
    printed: [
      { where: settings, text: JSON.stringify({ telemetry: geminiTelemetry(url) }, null, 2) },
      { where: `${variables}, or into the environment`, text: geminiHeaders(token) },
    ],
    files: [
      jsonFile(settings, GEMINI_SHAPE, (found) => withTelemetry(found, url), withoutTelemetry),
      textFile(variables, (text) => withHeaders(text, token), withoutHeaders),
    ],
  };
}
