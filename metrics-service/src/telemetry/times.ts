import { parseRfc3339 } from '../contract/rfc3339.js';
import { EARLIEST_TIME_MS, LATEST_TIME_MS } from '../contract/values.js';
import { isoOf } from '../iso.js';
import type { Moment } from './records.js';

const NANOS_PER_MS = 1_000_000;

/** A moment of int64 nanoseconds given as two halves; null outside of 2000 to 2100, where a sender means another unit. */
export function momentOfHalves(high: number, low: number): Moment | null {
  // 2^32 ns = 4294 ms + 967296 ns: every product stays below 2^53
  const rest = (high >>> 0) * 967_296 + (low >>> 0);
  const restMs = Math.floor(rest / NANOS_PER_MS);
  return believable({ ms: (high >>> 0) * 4_294 + restMs, nanos: rest - restMs * NANOS_PER_MS });
}

/** The same of a decimal number, given as text or as a number. */
export function momentOf(value: unknown): Moment | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text =
    typeof value === 'number' && Number.isInteger(value) && value >= 0 ? BigInt(value).toString() : String(value);
  if (!/^\d{7,20}$/.test(text)) return null;
  return believable({ ms: Number(text.slice(0, -6)), nanos: Number(text.slice(-6)) });
}

/** The moment of an RFC 3339 text; null if it is none. */
export function momentOfText(text: string | null): Moment | null {
  const ms = text === null ? null : parseRfc3339(text);
  return ms === null ? null : believable({ ms, nanos: 0 });
}

function believable(moment: Moment): Moment | null {
  return moment.ms >= EARLIEST_TIME_MS && moment.ms < LATEST_TIME_MS ? moment : null;
}

/** A moment as one text, the same for the same moment. */
export function momentText(moment: Moment | null): string {
  return moment === null ? '' : `${moment.ms}.${moment.nanos}`;
}

/** Midnight (UTC) of a moment's day. */
export function dayOf(ms: number): string {
  return isoOf(ms - (ms % 86_400_000));
}
