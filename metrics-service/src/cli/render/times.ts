import { Temporal } from 'temporal-polyfill';
import { showTime } from '../../format/values.js';

/**
 * The labels of a series' points: 2026-01-31 for a day or week, 2026-01 for a month; with the time if the point is not at
 * their start, and with the offset if the clock shows the same time twice.
 */
export function showPoints(times: readonly number[], interval: string | null, timezone: string): string[] {
  const texts = times.map((time) => {
    const text = showTime(time, timezone);
    if (interval === 'hour' || !text.endsWith(' 00:00')) return text;
    const date = text.slice(0, -' 00:00'.length);
    return interval === 'month' && date.endsWith('-01') ? date.slice(0, -'-01'.length) : date;
  });
  return texts.map((text, index) => {
    const isTwice = text === texts[index - 1] || text === texts[index + 1];
    if (!isTwice) return text;
    return text + Temporal.Instant.fromEpochMilliseconds(times[index]!).toZonedDateTimeISO(timezone).offset;
  });
}
