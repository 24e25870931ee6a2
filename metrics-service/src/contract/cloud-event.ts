import type { EventType } from './events.js';

/** An event as one sends it: CloudEvents 1.0 in JSON, with `data` as events.ts says. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: EventType;
  time: string;
  data: Record<string, unknown>;
}

/** `application/json`, `text/json`, `application/vnd.acme+json` and their like, with or without parameters. */
export const JSON_TYPE = /^\s*[\w!#$&^.+-]+\/(?:[\w!#$&^.+-]+\+)?json\s*(?:;|$)/i;

export function isJsonType(contentType: string): boolean {
  return JSON_TYPE.test(contentType);
}
