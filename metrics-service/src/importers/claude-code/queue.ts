import type { TranscriptRecord } from './record.js';

/** What the tool's queue of messages did last: it tells how a background task's notification came. */
export class Queue {
  private last: unknown = null;
  private beforeLast: unknown = null;

  add(record: TranscriptRecord): void {
    this.beforeLast = this.last;
    this.last = record.raw.operation;
  }

  /**
   * Whether a notification was submitted as a prompt is (it carries the prompt's `todos`, and the queue did not hand
   * it over as soon as it came): then it opens a run. Else it continues the one it stands in.
   */
  opensTurn(record: TranscriptRecord): boolean {
    const handedOver = this.last === 'dequeue' && this.beforeLast === 'enqueue';
    return Array.isArray(record.raw.todos) && !handedOver;
  }
}
