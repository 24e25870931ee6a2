import { keyOf } from '../key-of.js';
import type { TranscriptRecord } from './record.js';
import type { Run } from './run.js';
import type { Standing } from './standing.js';

/** Tells a file's own records from those that a resume, a compaction or a branch wrote down again. A few bytes each. */
export class Copies {
  private readonly seen = new Set<number>();
  /** the newest stamp of a copy: what is older is one, too, stamped or not */
  private stampedUntilMs = -Infinity;

  /** Whether the file had the record before: then it says nothing new. */
  isRepeated({ uuid, atMs }: TranscriptRecord): boolean {
    if (uuid === null || atMs === null) return false;
    const key = keyOf(uuid);
    if (this.seen.has(key)) return true;
    this.seen.add(key);
    return false;
  }

  /** Takes a record's stamp, if it has one. */
  note(record: TranscriptRecord): void {
    if (record.forked && record.atMs !== null) this.stampedUntilMs = Math.max(this.stampedUntilMs, record.atMs);
  }

  /** How a record stands that falls to a run (null: it begins one, or none is known). */
  standingOf(record: TranscriptRecord, run: Run | null, sessionId: string): Standing {
    if (record.atMs === null) return 'undated';
    if (record.forked || record.atMs <= this.stampedUntilMs) return 'copy';
    return run && (run.promptStanding === 'copy' || run.sessionId !== sessionId) ? 'copy' : 'own';
  }
}
