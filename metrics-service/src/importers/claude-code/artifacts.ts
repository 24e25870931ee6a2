import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../json-lines.js';
import { blocksOf, type TranscriptRecord } from './record.js';

/** What edits and writes changed: distinct files, and the lines that their patches add and delete. */
export class Artifacts {
  private readonly files = new Set<string>();
  private added = 0;
  private deleted = 0;

  /** Takes the result of one tool call, if it is an edit or write that succeeded. */
  add(record: TranscriptRecord): void {
    const result = record.raw.toolUseResult;
    if (!isObject(result) || typeof result.filePath !== 'string' || !Array.isArray(result.structuredPatch)) return;
    if (blocksOf(record.message).some((block) => block.type === 'tool_result' && block.is_error === true)) return;
    this.files.add(createHash('sha256').update(result.filePath).digest('base64').slice(0, 16));
    const lines = patchLines(result.structuredPatch);
    // a new file has no patch: all of its lines are added
    if (lines.length === 0 && result.type === 'create') this.added += lineCount(result.content);
    for (const line of lines) {
      if (line.startsWith('+')) this.added += 1;
      else if (line.startsWith('-')) this.deleted += 1;
    }
  }

  absorb(other: Artifacts): void {
    for (const file of other.files) this.files.add(file);
    this.added += other.added;
    this.deleted += other.deleted;
  }

  /** `artifacts` of a `run.completed`; undefined where nothing was edited. */
  toData(): { filesChanged: number; linesAdded: number; linesDeleted: number } | undefined {
    if (this.files.size === 0) return undefined;
    return { filesChanged: this.files.size, linesAdded: this.added, linesDeleted: this.deleted };
  }
}

function patchLines(hunks: unknown[]): string[] {
  return hunks
    .filter(isObject)
    .flatMap((hunk: JsonObject) => (Array.isArray(hunk.lines) ? (hunk.lines as unknown[]) : []))
    .filter((line): line is string => typeof line === 'string');
}

function lineCount(content: unknown): number {
  if (typeof content !== 'string' || content === '') return 0;
  return content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
}
