import { EARLIEST_MS } from '../contract/query.js';
import { showDuration } from '../format/numbers.js';
import type { Window } from './buckets.js';
import { unknownName } from './invalid.js';
import type { Question } from './question.js';
import type { Rows } from './rows.js';
import { sameWeekdays } from './weeks.js';

/** What a window can be compared with. */
export const COMPARISONS = ['previous', 'same_weekdays'] as const;

/** The window that a question is compared with. */
export interface Earlier {
  readonly kind: (typeof COMPARISONS)[number];
  readonly window: Window;
  /** `against the 30 days before`, `against the same weekdays 5 weeks before` */
  readonly words: string;
  /** the same on a card, where it must fit into a line: `against 5 weeks before` */
  readonly short: string;
}

/** The earlier window (definitions.md, Comparison); null without `compare`. @throws InvalidQuery */
export function planEarlier({ compare }: Pick<Question, 'compare'>, { window, timezone }: Rows): Earlier | null {
  if (!compare) return null;
  const kind = COMPARISONS.find((known) => known === compare);
  if (!kind) throw unknownName('compare', compare, COMPARISONS);
  if (kind === 'previous') {
    const { from, to } = window;
    return {
      kind,
      window: inCalendar({ from: from - (to - from), to: from }),
      words: `against the ${spanInWords(to - from)} before`,
      short: `against the ${spanInWords(to - from)} before`,
    };
  }
  const { weeks, ...earlier } = sameWeekdays(window, timezone);
  const adjoins = earlier.to === window.from;
  const many = weeks === 1 ? 'week' : `${weeks} weeks`;
  return {
    kind,
    window: inCalendar(earlier),
    words: `against ${adjoins ? `the ${many}` : `the same weekdays ${weeks === 1 ? 'a week' : many}`} before`,
    short: `against ${adjoins ? `the ${many}` : weeks === 1 ? 'a week' : many} before`,
  };
}

/** Dates begin with the year 1. */
function inCalendar({ from, to }: Window): Window {
  return { from: Math.max(from, EARLIEST_MS), to: Math.max(to, EARLIEST_MS) };
}

const HOUR_MS = 3_600_000;

/** Whole days, also where a clock change made several longer or shorter; whole hours; else the two largest units. */
function spanInWords(ms: number): string {
  const days = Math.round(ms / (24 * HOUR_MS));
  const off = Math.abs(ms - days * 24 * HOUR_MS);
  if (days > 0 && off <= (days > 1 ? HOUR_MS : 0)) return days === 1 ? 'day' : `${days} days`;
  if (ms % HOUR_MS === 0 && ms < 48 * HOUR_MS) return ms === HOUR_MS ? 'hour' : `${ms / HOUR_MS} hours`;
  return showDuration(ms);
}
