import { existsSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { findJsonl } from '../files.js';
import type { Problems } from '../problems.js';

/** One transcript file and what it is. */
export interface TranscriptFile {
  path: string;
  role: 'main' | 'subagent' | 'orphan';
  /** the session that its place says */
  sessionId: string;
}

/**
 * The transcripts under the paths, sorted, each once.
 * @throws Error naming a path that does not exist
 */
export async function findTranscripts(paths: readonly string[], problems: Problems): Promise<TranscriptFile[]> {
  return (await findJsonl(paths, problems)).map(describeFile);
}

/** Subagents stand in `<sessionId>/subagents/`, those of older versions beside the main file as `agent-*.jsonl`. */
export function describeFile(path: string): TranscriptFile {
  const parts = path.split(sep);
  const folder = parts.lastIndexOf('subagents');
  if (folder > 0 && folder < parts.length - 1) {
    const sessionFolder = parts.slice(0, folder).join(sep);
    return {
      path,
      role: existsSync(`${sessionFolder}.jsonl`) ? 'subagent' : 'orphan',
      sessionId: basename(sessionFolder),
    };
  }
  const name = basename(path).replace(/\.jsonl$/, '');
  if (!name.startsWith('agent-')) return { path, role: 'main', sessionId: name };
  return { path, role: 'subagent', sessionId: name };
}

/** The folder that a session's subagents lie in or below. */
export function besidesFolder(path: string): string {
  const parts = dirname(path).split(sep);
  const folder = parts.lastIndexOf('subagents');
  return parts.slice(0, folder > 0 ? folder + 1 : parts.length).join(sep);
}

/** Whether the main file of a subagent that stands beside it (older versions) exists. */
export function hasMainBeside(path: string, sessionId: string): boolean {
  return existsSync(join(dirname(path), `${sessionId}.jsonl`));
}
