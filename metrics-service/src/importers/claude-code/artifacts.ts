import { createHash } from 'node:crypto';
import type { FileChange } from './file-change.js';

/** What edits and writes changed: distinct files, and the lines that their patches add and delete. */
export class Artifacts {
  private readonly files = new Set<string>();
  private added = 0;
  private deleted = 0;

  /** Takes what one tool call did to a file. */
  add(change: FileChange | null): void {
    if (change === null || change.operation === 'read') return;
    this.files.add(createHash('sha256').update(change.path).digest('base64').slice(0, 16));
    this.added += change.linesAdded;
    this.deleted += change.linesDeleted;
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
