import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { OF_POINT, RUNS, SESSIONS, toBoard, type Link } from '../../links.js';
import { CHOSEN, type Setting } from '../../query.js';
import { link } from '../../tables.js';
import { filteredBy, SHARED } from '../../variables.js';

export const SETTING: Setting = { datasource: CHOSEN, filters: filteredBy(SHARED) };

/** Ids stay: alert rules refer to panels by them. */
export const PANELS = {
  headline: 1,
  findings: 2,
  trust: 6,
  runs: 11,
  successRate: 12,
  totalCost: 13,
  tokens: 14,
  activeUsers: 15,
  duration: 16,
  outcomes: 17,
  usersByCost: 22,
  failures: 24,
  repositories: 25,
  teams: 26,
  output: 27,
  adoption: 28,
  /** the cards' from here on, in their order */
  cards: 31,
} as const;

/** A link to sessions, with variables of their board set. */
export const sessionsWith = (title: string, set: Record<string, string> = {}): Link =>
  toBoard(SESSIONS, { title, set });

/** A link to the list of runs over all sessions, with variables of its board set. */
export const runsWith = (title: string, set: Record<string, string>): Link => toBoard(RUNS, { title, set });

/** From a point or bar to the sessions of that day, or hour, week, month: the dearest first. */
export function sessionsOfPoint(set: Record<string, string> = {}): DynamicConfigValue[] {
  const title = 'Sessions of this time, dearest first';
  const to = toBoard(SESSIONS, { title, set: { sort: 'total_cost', ...set }, range: OF_POINT });
  return link({ ...to, oneClick: true });
}
