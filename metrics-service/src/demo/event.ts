import type { EventType } from '../contract/events.js';

/** An event as anybody would send it. */
export interface DemoEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: EventType;
  time: string;
  data: Record<string, unknown>;
}

export const DEMO_SOURCE = 'urn:runboard:demo';

/** An event of the demo; `id` is unique in it, `atMs` is when it was known. */
export function demoEvent(type: EventType, id: string, atMs: number, data: Record<string, unknown>): DemoEvent {
  return { specversion: '1.0', id: `${type}/${id}`, source: DEMO_SOURCE, type, time: iso(atMs), data };
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
