import { compareFractions, type Fraction, ratio, whole } from './fraction.js';
import { isPerson, runsIn, type Scope } from './rows.js';
import type { Window } from './types.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** What the wall clock shows at an instant, as if it were UTC, in ms. */
function wall(at: number, timezone: string): number {
  const options = { timeZone: timezone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'medium' } as const;
  const formatter = formatters.get(timezone) ?? new Intl.DateTimeFormat('sv-SE', options);
  formatters.set(timezone, formatter);
  const seconds = Date.parse(`${formatter.format(at).replace(' ', 'T')}Z`);
  return seconds + (((at % 1000) + 1000) % 1000);
}

/** The first instant at which the clock shows that or, if it never does, the first at which it shows more. */
function instantOf(shown: number, timezone: string): number {
  const offsets = new Set<number>();
  for (let at = shown - 30 * HOUR; at <= shown + 30 * HOUR; at += HOUR / 4) offsets.add(wall(at, timezone) - at);
  const exact = [...offsets].map((offset) => shown - offset).filter((at) => wall(at, timezone) === shown);
  if (exact.length > 0) return Math.min(...exact);
  let [before, after] = [shown - 30 * HOUR, shown + 30 * HOUR];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wall(middle, timezone) < shown) before = middle;
    else after = middle;
  }
  return after;
}

/** Both ends of a window whole weeks earlier, by the clock of the zone. */
export function weeksBefore({ from, to }: Window, weeks: number, timezone: string): Window {
  const shifted = (at: number): number => instantOf(wall(at, timezone) - weeks * 7 * DAY, timezone);
  return { from: shifted(from), to: shifted(to) };
}

/** By the fewest whole weeks earlier, at least one, that end before the window begins. */
export function sameWeekdays(window: Window, timezone: string): Window {
  for (let weeks = 1; ; weeks += 1) {
    const earlier = weeksBefore(window, weeks, timezone);
    if (earlier.to <= window.from) return earlier;
  }
}

/** By length, and by the clock of the zone. */
export function isLongerThanWeek(window: Window, timezone: string): boolean {
  return window.to - window.from > 7 * DAY && weeksBefore(window, 1, timezone).to > window.from;
}

/** `total` of the window ÷ the median of it over the windows 1 to 4 weeks before that begin with the first event or later and hold a run. */
export function toUsual(scope: Scope, total: (scope: Scope) => Fraction | null): Fraction | null {
  const { world, window, timezone, leastPeople = 0 } = scope;
  if (isLongerThanWeek(window, timezone) || world.firstEventAt === null) return null;
  const sums: Fraction[] = [];
  for (const weeks of [1, 2, 3, 4]) {
    const earlier = { ...scope, window: weeksBefore(window, weeks, timezone) };
    const runs = runsIn(earlier);
    if (earlier.window.from < world.firstEventAt || runs.length === 0) continue;
    const people = new Set(runs.map(({ user }) => user).filter((user) => isPerson(world, user)));
    if (people.size < leastPeople) return null;
    const sum = total(earlier);
    if (sum !== null) sums.push(sum);
  }
  if (sums.length < 3) return null;
  sums.sort(compareFractions);
  const [, second, third] = sums as [Fraction, Fraction, Fraction];
  if (sums.length === 3) return ratio(total(scope), second);
  const both = { n: second.n * third.d + third.n * second.d, d: second.d * third.d };
  return ratio(total(scope), ratio(both, whole(2)));
}
