import { existsSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { findJsonl } from '../files.js';
import type { Problems } from '../problems.js';

const TRANSCRIPT = /\.jsonl(?:\.zst)?$/;

/** One transcript file and what it is. */
export interface TranscriptFile {
  path: string;
  role: 'main' | 'subagent' | 'orphan';
  /** the session, by the file's path */
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
      role: isThere(sessionFolder) ? 'subagent' : 'orphan',
      sessionId: basename(sessionFolder),
    };
  }
  const name = basename(path).replace(TRANSCRIPT, '');
  if (!name.startsWith('agent-')) return { path, role: 'main', sessionId: name };
  return { path, role: 'subagent', sessionId: name };
}

/** The folder in or below which a session's subagents are. */
export function subagentFolder(path: string): string {
  const parts = dirname(path).split(sep);
  const folder = parts.lastIndexOf('subagents');
  return parts.slice(0, folder > 0 ? folder + 1 : parts.length).join(sep);
}

/** Whether the main file of a subagent next to it (older versions) exists. */
export function hasMainBeside(path: string, sessionId: string): boolean {
  return isThere(join(dirname(path), sessionId));
}

/** A main file, by its name without what says its format. */
function isThere(name: string): boolean {
  return existsSync(`${name}.jsonl`) || existsSync(`${name}.jsonl.zst`);
}
