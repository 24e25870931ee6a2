import type { TranscriptRecord } from './record.js';

/** The last operation of the tool's message queue, which shows how a background task's notification arrived. */
export class Queue {
  private last: unknown = null;
  private beforeLast: unknown = null;

  add(record: TranscriptRecord): void {
    this.beforeLast = this.last;
    this.last = record.raw.operation;
  }

  /**
   * Whether a notification was submitted like a prompt (it has the prompt's `todos`, and the queue did not deliver it at
   * once): then it starts a run. Otherwise it continues the current one.
   */
  opensTurn(record: TranscriptRecord): boolean {
    const handedOver = this.last === 'dequeue' && this.beforeLast === 'enqueue';
    return Array.isArray(record.raw.todos) && !handedOver;
  }
}
