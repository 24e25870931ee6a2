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
    const key = hashOf(uuid);
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

/** 53 bits of a text (https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js): one is taken of every record. */
function hashOf(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    high = Math.imul(high ^ char, 2654435761);
    low = Math.imul(low ^ char, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
