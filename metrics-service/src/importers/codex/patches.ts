import { isObject, type JsonObject } from '../json-lines.js';
import { keyOf } from '../tally.js';

/** What a turn's patches changed: distinct files, and the lines added and deleted. */
export class Patches {
  private readonly files = new Set<number>();
  private added = 0;
  private deleted = 0;

  /** Takes the end of a patch, if it was applied. */
  add(payload: JsonObject): void {
    if (payload.success !== true || !isObject(payload.changes)) return;
    for (const [path, change] of Object.entries(payload.changes)) {
      this.files.add(keyOf(path));
      if (!isObject(change)) continue;
      if (typeof change.unified_diff === 'string') this.addDiff(change.unified_diff);
      else if (typeof change.content === 'string') {
        if (change.type === 'delete') this.deleted += lineCount(change.content);
        else this.added += lineCount(change.content);
      }
    }
  }

  /** `artifacts` of a `run.completed`; undefined where nothing was changed. */
  toData(): { filesChanged: number; linesAdded: number; linesDeleted: number } | undefined {
    if (this.files.size === 0) return undefined;
    return { filesChanged: this.files.size, linesAdded: this.added, linesDeleted: this.deleted };
  }

  private addDiff(diff: string): void {
    let inHunk = false;
    for (const line of diff.split('\n')) {
      if (line.startsWith('@@')) inHunk = true;
      else if (inHunk && line.startsWith('+')) this.added += 1;
      else if (inHunk && line.startsWith('-')) this.deleted += 1;
    }
  }
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
