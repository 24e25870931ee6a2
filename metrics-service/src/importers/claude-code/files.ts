import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Problems } from '../problems.js';

/** One transcript file and what it is. */
export interface TranscriptFile {
  path: string;
  role: 'main' | 'subagent' | 'orphan';
  /** the session that its place says */
  sessionId: string;
}

/**
 * The transcripts under the paths (folders with all folders below them, or files), sorted, each once.
 * @throws Error naming a path that does not exist
 */
export async function findTranscripts(paths: readonly string[], problems: Problems): Promise<TranscriptFile[]> {
  const found = new Set<string>();
  for (const path of paths.map((path) => resolve(path))) {
    const entry = await stat(path).catch(() => null);
    if (!entry) throw new Error(`there is no file or folder ${path}`);
    if (entry.isDirectory()) await walk(path, found, problems);
    else found.add(path);
  }
  return [...found].sort().map(describe);
}

async function walk(folder: string, found: Set<string>, problems: Problems): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    problems.add(folder, 0, `cannot be read: ${error.message}`);
    return [];
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, found, problems);
    else if (entry.name.endsWith('.jsonl')) found.add(path);
  }
}

/** Subagents stand in `<sessionId>/subagents/`, those of older versions beside the main file as `agent-*.jsonl`. */
function describe(path: string): TranscriptFile {
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

/** Whether the main file of a subagent that stands beside it (older versions) exists. */
export function hasMainBeside(path: string, sessionId: string): boolean {
  return existsSync(join(dirname(path), `${sessionId}.jsonl`));
}
