import { join } from 'node:path';
import { claudeCodeSource, importClaudeCode } from '../../importers/claude-code/index.js';
import { codexSource, importCodex } from '../../importers/codex/index.js';
import type { ImportedEvent } from '../../importers/events.js';
import { follow, type FollowOptions } from '../../importers/follow.js';
import type { ImportOptions } from '../../importers/import-options.js';

/** Transcripts that can be imported. */
export interface Format {
  name: string;
  description: string;
  /** where its files lie, in words */
  place: string;
  /** the folders that they lie in; not all need be there */
  folders: (environment: Record<string, string | undefined>, home: string) => string[];
  examples: string[];
  read: (options: ImportOptions) => AsyncIterable<ImportedEvent[]>;
  follow: (options: ImportOptions, how: FollowOptions) => AsyncIterable<ImportedEvent[] | null>;
}

export const FORMATS: Format[] = [
  {
    name: 'claude-code',
    description: 'import transcripts of Claude Code; importing again adds only what is new',
    place: 'projects of each folder of CLAUDE_CONFIG_DIR, else of ~/.claude and ~/.config/claude',
    folders({ CLAUDE_CONFIG_DIR }, home) {
      const told = listed(CLAUDE_CONFIG_DIR);
      const folders = told.length > 0 ? told : [join(home, '.claude'), join(home, '.config', 'claude')];
      return folders.map((folder) => join(folder, 'projects'));
    },
    examples: ['~/.claude/projects/-home-ann-shop --since 30d --repo acme/shop'],
    read: importClaudeCode,
    follow: (options, how) => follow(claudeCodeSource(options), how),
  },
  {
    name: 'codex',
    description: 'import rollouts of Codex; importing again adds only what is new',
    place: 'sessions and archived_sessions of CODEX_HOME, else of ~/.codex',
    folders({ CODEX_HOME }, home) {
      const folder = CODEX_HOME?.trim() || join(home, '.codex');
      return [join(folder, 'sessions'), join(folder, 'archived_sessions')];
    },
    examples: ['~/.codex/sessions/2026/02 --repo acme/shop'],
    read: importCodex,
    follow: (options, how) => follow(codexSource(options), how),
  },
];

function listed(folders = ''): string[] {
  return folders
    .split(',')
    .map((folder) => folder.trim())
    .filter((folder) => folder !== '');
}
