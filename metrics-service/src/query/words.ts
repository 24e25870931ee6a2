import { Temporal } from 'temporal-polyfill';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** A duration in its two largest units: `2 d 4 h`, `17 h`, `1 min 5 s`, `340 ms`; the rest is cut off. */
export function lengthInWords(ms: number): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first < 0) return '0 ms';
  const [unit, size] = UNITS[first]!;
  const [smaller, little] = UNITS[first + 1] ?? ['', Infinity];
  const rest = Math.floor((ms % size) / little);
  return `${Math.floor(ms / size)} ${unit}${rest > 0 && unit !== 's' ? ` ${rest} ${smaller}` : ''}`;
}

/** `2026-03-02 18:00` in the zone. */
export function timeInWords(ms: number, timezone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone).toPlainDateTime();
  return local.toString({ smallestUnit: 'minute' }).replace('T', ' ');
}
