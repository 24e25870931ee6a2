import { messageOf, type Message, type RolloutRecord } from './record.js';

/** The messages of a rollout. They are recorded as events or, in newer versions, as items: if both are, the first kind counts. */
export class Messages {
  private kind: string | null = null;

  in(record: RolloutRecord): Message | null {
    const message = messageOf(record);
    if (message === null) return null;
    const kind = record.kind === 'item_completed' ? 'item' : 'event';
    this.kind ??= kind;
    return kind === this.kind ? message : null;
  }
}
