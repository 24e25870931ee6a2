import { Temporal } from 'temporal-polyfill';
import { showNumber, type NumberKind } from './numbers.js';

/** How a column's values are shown; `text` is shown unchanged, a `trend` is a list of points. */
export type Kind = NumberKind | 'text' | 'time' | 'flag' | 'trend';

/** Shown for a value that does not exist or is unknown. */
export const NOTHING = '–';

/** A value for people: units written out, times in the zone, `–` for null. */
export function showValue(value: unknown, kind: Kind, timezone: string): string {
  if (value === null || value === undefined) return NOTHING;
  if (kind === 'flag') return value === true ? 'yes' : 'no';
  if (typeof value !== 'number') return printable(typeof value === 'string' ? value : JSON.stringify(value));
  if (kind === 'time') return showTime(value, timezone);
  return showNumber(value, kind === 'text' || kind === 'trend' ? 'count' : kind);
}

/** 2026-01-31 14:05, with seconds and milliseconds if asked for */
export function showTime(ms: number, timezone: string, smallestUnit: 'minute' | 'millisecond' = 'minute'): string {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone).toPlainDateTime();
  return local.toString({ smallestUnit }).replace('T', ' ');
}

/** Characters that would control a terminal or change the reading direction; they are shown as their code points. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Text from a sender, made safe to print on one line. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
