import { findDimension } from '../catalogue/dimensions.js';
import type { Notice } from '../contract/frames.js';
import type { Interval } from './buckets.js';
import type { Rows } from './rows.js';

/** What stands for a zone where a browser knows none: `Etc/Unknown` is ICU's own word, `browser` Grafana's. */
const NO_ZONE = ['etc/unknown', 'browser'];

/** Whether it names no zone at all. Other names that are none are refused: somebody wrote them. */
export function isNoZone(zone: unknown): boolean {
  return zone == null || zone === '' || (typeof zone === 'string' && NO_ZONE.includes(zone.toLowerCase()));
}

/** Says by whose days a window was cut, if the asker's browser has none. */
export function zoneNotices(
  asked: string | null | undefined,
  { timezone }: Rows,
  { interval, groupBy }: { readonly interval: Interval | null; readonly groupBy: readonly string[] },
): Notice[] {
  const isByClock = interval !== null || groupBy.some((name) => findDimension(name)?.ofClock);
  if (!asked || !isNoZone(asked) || !isByClock) return [];
  const text = `your browser does not say its time zone: hours, days, weeks and months are those of the organization (${timezone})`;
  return [{ severity: 'info', text }];
}
