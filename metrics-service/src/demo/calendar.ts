import type { Draw } from './draw.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const DAYS = 120;
/** The day on which the cheaper model becomes available. */
export const CHEAPER_MODEL_DAY = DAYS / 2;

/** When the demo's stories happen; all times are epoch ms, all days those of UTC. */
export interface Calendar {
  /** the demo ends here */
  readonly nowMs: number;
  /** the first instant of each of the 120 days, today the last */
  readonly days: readonly number[];
  /** one afternoon of provider errors: the Wednesday of the week before this one */
  readonly outage: { readonly fromMs: number; readonly toMs: number };
  /** the week (from Monday) of the runaway session, the one before the outage's, and when that session begins */
  readonly runaway: { readonly weekFromMs: number; readonly weekToMs: number; readonly startMs: number };
}

export function calendarOf(nowMs: number): Calendar {
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY_MS;
  const wednesday = monday - 5 * DAY_MS;
  const weekFromMs = monday - 14 * DAY_MS;
  return {
    nowMs,
    days: Array.from({ length: DAYS }, (_, index) => today - (DAYS - 1 - index) * DAY_MS),
    outage: { fromMs: wednesday + 13 * HOUR_MS, toMs: wednesday + 17 * HOUR_MS },
    runaway: { weekFromMs, weekToMs: weekFromMs + 7 * DAY_MS, startMs: weekFromMs + 4 * DAY_MS + 19 * HOUR_MS },
  };
}

/** How much work is done on a day, compared with a working day. */
export function dayWeight(dayMs: number): number {
  const weekday = new Date(dayMs).getUTCDay();
  if (weekday === 0 || weekday === 6) return 0.07;
  return weekday === 5 ? 0.8 : 1;
}

/** When in a day a session begins, in ms: most in the morning and in the afternoon, few at night. */
export function timeOfDay(draw: Draw): number {
  const hour = draw.weighted([
    [() => draw.normal(9.8, 1.1), 0.46],
    [() => draw.normal(14.7, 1.5), 0.5],
    [() => draw.between(0, 24), 0.04],
  ])();
  return Math.min(23.9, Math.max(0, hour)) * HOUR_MS;
}
