import type { EventType } from './events.js';

/** An event as senders write it: CloudEvents 1.0 in JSON, with `data` as in events.ts. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: EventType;
  time: string;
  data: Record<string, unknown>;
}
