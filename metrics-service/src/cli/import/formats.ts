import { claudeCodeSource, importClaudeCode } from '../../importers/claude-code/index.js';
import { codexSource, importCodex } from '../../importers/codex/index.js';
import type { ImportedEvent } from '../../importers/events.js';
import { follow, type FollowOptions } from '../../importers/follow.js';
import type { ImportOptions } from '../../importers/import-options.js';

/** Transcripts that can be imported. */
export interface Format {
  name: string;
  description: string;
  /** where its files lie, below the home folder */
  folder: string[];
  examples: string[];
  read: (options: ImportOptions) => AsyncIterable<ImportedEvent[]>;
  follow: (options: ImportOptions, how: FollowOptions) => AsyncIterable<ImportedEvent[] | null>;
}

export const FORMATS: Format[] = [
  {
    name: 'claude-code',
    description: 'transcripts of Claude Code; importing again adds only what is new',
    folder: ['.claude', 'projects'],
    examples: ['~/.claude/projects/-home-ann-shop --since 30d --repo acme/shop'],
    read: importClaudeCode,
    follow: (options, how) => follow(claudeCodeSource(options), how),
  },
  {
    name: 'codex',
    description: 'rollouts of Codex; importing again adds only what is new',
    folder: ['.codex', 'sessions'],
    examples: ['~/.codex/sessions/2026/02 --repo acme/shop'],
    read: importCodex,
    follow: (options, how) => follow(codexSource(options), how),
  },
];
