import { isObject, type JsonObject } from '../json-lines.js';
import { keyOf } from '../key-of.js';

/** What a patch did to a file. */
export interface FileChange {
  path: string;
  operation: 'created' | 'modified' | 'deleted';
  linesAdded: number;
  linesDeleted: number;
}

/** What a turn's patches changed: distinct files, and the lines added and deleted. */
export class Patches {
  private readonly files = new Set<number>();
  private added = 0;
  private deleted = 0;

  /** Takes the end of a patch, if it was applied. */
  add(payload: JsonObject): void {
    for (const { path, linesAdded, linesDeleted } of changesOf(payload)) {
      this.files.add(keyOf(path));
      this.added += linesAdded;
      this.deleted += linesDeleted;
    }
  }

  /** `artifacts` of a `run.completed`; undefined where nothing was changed. */
  toData(): { filesChanged: number; linesAdded: number; linesDeleted: number } | undefined {
    if (this.files.size === 0) return undefined;
    return { filesChanged: this.files.size, linesAdded: this.added, linesDeleted: this.deleted };
  }
}

/** The files of a patch that was applied. */
export function changesOf({ success, changes }: JsonObject): FileChange[] {
  if (success !== true || !isObject(changes)) return [];
  return Object.entries(changes).map(([path, change]) => changeOf(path, isObject(change) ? change : {}));
}

function changeOf(path: string, { type, unified_diff: diff, content }: JsonObject): FileChange {
  if (typeof diff === 'string') return { path, operation: 'modified', ...linesOf(diff) };
  const lines = typeof content === 'string' ? lineCount(content) : 0;
  if (type === 'delete') return { path, operation: 'deleted', linesAdded: 0, linesDeleted: lines };
  return { path, operation: type === 'add' ? 'created' : 'modified', linesAdded: lines, linesDeleted: 0 };
}

function linesOf(diff: string): { linesAdded: number; linesDeleted: number } {
  let inHunk = false;
  let [linesAdded, linesDeleted] = [0, 0];
  for (const line of diff.split('\n')) {
    if (line.startsWith('@@')) inHunk = true;
    else if (inHunk && line.startsWith('+')) linesAdded += 1;
    else if (inHunk && line.startsWith('-')) linesDeleted += 1;
  }
  return { linesAdded, linesDeleted };
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
