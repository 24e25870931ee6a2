import { parseRfc3339 } from '../contract/rfc3339.js';
import { EARLIEST_TIME_MS, LATEST_TIME_MS } from '../contract/values.js';

/** An instant in epoch ms, from RFC 3339 text or ms; null if it is invalid in an event. */
export function timeOf(value: unknown): number | null {
  const ms = typeof value === 'string' ? parseRfc3339(value) : typeof value === 'number' ? Math.trunc(value) : null;
  return ms !== null && ms >= EARLIEST_TIME_MS && ms < LATEST_TIME_MS ? ms : null;
}
