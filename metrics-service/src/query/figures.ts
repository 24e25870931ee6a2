import { Temporal } from 'temporal-polyfill';

/** Numbers in sentences. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `8,937` */
export function inDigits(number: number): string {
  return whole.format(number);
}

/** `2.4` */
export function oneDecimal(number: number): string {
  return tenths.format(number);
}

/** `8,937 runs`, `1 run` */
export function counted(number: number, noun: string): string {
  return `${whole.format(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** A relative change: `+33 %`; null where it is none that shows. */
export function changeInPercent(change: number | null): string | null {
  if (change === null) return null;
  const size = Math.round(Math.abs(change) * 100);
  return size === 0 ? null : `${change < 0 ? '−' : '+'}${whole.format(size)} %`;
}

/** A ratio: `86.1 %`; 0 and 100 only for exactly these. */
export function percent(ratio: number): string {
  const text = tenths.format(ratio * 100);
  if (text === '100.0') return ratio < 1 ? 'over 99.9 %' : '100 %';
  return text === '0.0' ? (ratio > 0 ? 'under 0.1 %' : '0 %') : `${text} %`;
}

/** A difference of ratios, without its sign: `2.3 points`; null where it is none that shows. */
export function points(difference: number): string | null {
  const text = tenths.format(Math.abs(difference) * 100);
  if (text === '0.0') return null;
  return `${text} point${text === '1.0' ? '' : 's'}`;
}

function dateOf(ms: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate();
}

/** `14 Nov`, with its year where `now` is another one's. */
export function dayInWords(ms: number, zone: string, now = ms): string {
  const [date, today] = [dateOf(ms, zone), dateOf(now, zone)];
  const month = date.toLocaleString('en-US', { month: 'short', calendar: 'iso8601' });
  return `${date.day} ${month}${date.year === today.year ? '' : ` ${date.year}`}`;
}

/** `on 14 Nov`, `from 14 to 16 Nov`, `from 30 Nov to 2 Dec` */
export function daysInWords(first: number, last: number, zone: string, now: number): string {
  const [one, other] = [dateOf(first, zone), dateOf(last, zone)];
  if (one.equals(other)) return `on ${dayInWords(first, zone, now)}`;
  const isOneMonth = one.year === other.year && one.month === other.month;
  return `from ${isOneMonth ? one.day : dayInWords(first, zone, now)} to ${dayInWords(last, zone, now)}`;
}
