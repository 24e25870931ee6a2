import type { BudgetPeriod } from '../../contract/events/budgets.js';
import { cutWindow, MAX_VALUES, offsetsIn, type Window } from '../buckets.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longer than every period, and every clock change with it. */
const MARGIN_MS = 40 * DAY_MS;
const HOURS_OF_WEEK = 168;

/** The day, week or month of the zone that holds the instant. Pure, as all here. */
export function periodAt(at: number, period: BudgetPeriod, zone: string): Window {
  const [found] = periodsIn({ from: at, to: at + 1 }, period, zone);
  return found!;
}

/** The whole periods of the zone that overlap the window, in order. */
export function periodsIn({ from, to }: Window, period: BudgetPeriod, zone: string): Window[] {
  const around = { from: from - MARGIN_MS, to: to + MARGIN_MS };
  const { slices } = cutWindow(around, period, zone, MAX_VALUES);
  return slices.filter((slice) => slice.from < to && slice.to > from);
}

/** So many local days before today's midnight, as one. */
export function daysBefore(at: number, days: number, zone: string): Window {
  const { from: midnight } = periodAt(at, 'day', zone);
  const around = { from: midnight - days * DAY_MS - MARGIN_MS, to: midnight };
  const first = cutWindow(around, 'day', zone, MAX_VALUES).slices.at(-days)!;
  return { from: first.from, to: midnight };
}

/** A stretch of one hour of the local clock. */
export interface LocalHour extends Window {
  /** which hour of the local calendar; one that is there twice has two stretches */
  readonly local: number;
  /** which of the 168 of a week */
  readonly ofWeek: number;
}

/** The hours of the local clock in a window, in order. */
export function localHours(window: Window, zone: string): LocalHour[] {
  const offsets = offsetsIn(window, zone);
  return offsets.flatMap(({ from: start, offsetMs }, index) => {
    const hours: LocalHour[] = [];
    const end = offsets[index + 1]?.from ?? window.to;
    for (let from = start; from < end;) {
      const local = Math.floor((from + offsetMs) / HOUR_MS);
      const to = Math.min((local + 1) * HOUR_MS - offsetMs, end);
      hours.push({ from, to, local, ofWeek: ((local % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK });
      from = to;
    }
    return hours;
  });
}
