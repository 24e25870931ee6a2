import { createHash } from 'node:crypto';
import type { EventType } from '../contract/events.js';

/** An event as importers make it: CloudEvents 1.0, with `data` as design section 4 says. */
export interface ImportedEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: EventType;
  time: string;
  data: Record<string, unknown>;
}

/**
 * Makes an event whose id comes from its content, so that importing again counts once. `seq` grows with what is known
 * of the thing: of two events with the same `time` the one that knows more has the greater id, and wins. A text is an
 * order of its own, compared as text.
 */
export function makeEvent(
  source: string,
  type: EventType,
  timeMs: number,
  data: Record<string, unknown>,
  seq?: number | string,
): ImportedEvent {
  const time = isoTime(timeMs);
  const hash = createHash('sha256')
    .update(JSON.stringify([type, time, data]))
    .digest('hex')
    .slice(0, 32);
  const id = seq === undefined ? `${type}:${hash}` : `${type}:${String(seq).padStart(12, '0')}:${hash}`;
  return { specversion: '1.0', id, source, type, time, data };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
