import { Temporal } from 'temporal-polyfill';

/** How a column's values are shown; `text` is shown unchanged. */
export type Kind = 'text' | 'time' | 'flag' | 'count' | 'tokens' | 'money' | 'duration' | 'share' | 'change';

/** Shown for a value that does not exist or is unknown. */
export const NOTHING = '–';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const small = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const cents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 4 });
const fractions = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });
const oneDecimal = { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;
const percent = new Intl.NumberFormat('en-US', oneDecimal);
const signedPercent = new Intl.NumberFormat('en-US', { ...oneDecimal, signDisplay: 'exceptZero' });

/** A value for people: units written out, times in the zone, `–` for null. */
export function showValue(value: unknown, kind: Kind, timezone: string): string {
  if (value === null || value === undefined) return NOTHING;
  if (kind === 'flag') return value === true ? 'yes' : 'no';
  if (typeof value !== 'number') return printable(typeof value === 'string' ? value : JSON.stringify(value));
  return kind === 'time' ? showTime(value, timezone) : showNumber(value, kind);
}

function showNumber(value: number, kind: Kind): string {
  switch (kind) {
    case 'tokens':
      return showTokens(value);
    case 'money':
      return showMoney(value);
    case 'duration':
      return showDuration(value);
    case 'share':
      return showShare(value);
    case 'change':
      return signedPercent.format(value);
    default:
      return showCount(value);
  }
}

/** 1,234; 12.35; 0.083 */
export function showCount(value: number): string {
  return (Math.abs(value) < 0.1 ? small : whole).format(value);
}

/** 9,999; 12.3K; 1.2M */
export function showTokens(value: number): string {
  return (Math.abs(value) < 10_000 ? whole : compact).format(value);
}

/** $1,234.56; below a dollar as exact as it needs to be: $0.42, $0.0042, $0.000042 */
export function showMoney(usd: number): string {
  const size = Math.abs(usd);
  if (size === 0 || size >= 1) return dollars.format(usd);
  return (size >= 0.001 ? cents : fractions).format(usd);
}

/** 93.1%; 0.0% and 100.0% only for exactly these values */
export function showShare(value: number): string {
  const text = percent.format(value);
  if (text === '100.0%' && value < 1) return '>99.9%';
  return text === '0.0%' && value > 0 ? '<0.1%' : text;
}

/** The two largest units: 340ms, 12.3s, 1m 23s, 2h 5m, 3d 4h */
export function showDuration(ms: number): string {
  if (ms < 0) return `-${showDuration(-ms)}`;
  if (Math.round(ms) < 1000) return `${Math.round(ms)}ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${tenths / 10}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits(seconds, 60, 'm', 's');
  const minutes = Math.round(ms / 60_000);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'm');
  return twoUnits(Math.round(ms / 3_600_000), 24, 'd', 'h');
}

function twoUnits(total: number, per: number, large: string, little: string): string {
  const rest = total % per;
  return `${showCount(Math.floor(total / per))}${large}${rest > 0 ? ` ${rest}${little}` : ''}`;
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
