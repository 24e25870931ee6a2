import type { CloudEvent } from '../contract/cloud-event.js';
import type { EventType } from '../contract/events.js';

export const DEMO_SOURCE = 'urn:runboard:demo';

/** An event of the demo; `id` is unique in it, `atMs` is when it was known. */
export function demoEvent(type: EventType, id: string, atMs: number, data: Record<string, unknown>): CloudEvent {
  return { specversion: '1.0', id: `${type}/${id}`, source: DEMO_SOURCE, type, time: iso(atMs), data };
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
