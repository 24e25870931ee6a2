import { hash } from 'node:crypto';
import type { CloudEvent } from '../contract/cloud-event.js';
import type { EventType } from '../contract/events.js';
import { isoOf } from '../iso.js';

/** An id made of what tells a record from all others, so that a copy of the record makes a copy of the event. */
export function idOfParts(...parts: readonly (string | number)[]): string {
  return hash('sha1', parts.join('\n'));
}

export interface Stating {
  readonly source: string;
  readonly id: string;
  readonly timeMs: number;
}

/** An event; members of `data` that are null or undefined are left out. */
export function eventOf({ source, id, timeMs }: Stating, type: EventType, said: Record<string, unknown>): CloudEvent {
  const data: Record<string, unknown> = {};
  for (const member in said) if (said[member] != null) data[member] = said[member];
  return { specversion: '1.0', id: `${type}:${id}`, source, type, time: isoOf(timeMs), data };
}
