import { SESSIONS, toBoard, type Link } from '../../links.js';
import { CHOSEN, type Setting } from '../../query.js';
import { filteredBy, SHARED } from '../../variables.js';

export const SETTING: Setting = { datasource: CHOSEN, filters: filteredBy(SHARED) };

export const PANELS = {
  good: 1,
  cost: 2,
  neutral: 3,
  friction: 4,
  effort: 5,
  trust: 6,
  runs: 11,
  successRate: 12,
  totalCost: 13,
  tokens: 14,
  activeUsers: 15,
  duration: 16,
  usersByRuns: 21,
  usersByCost: 22,
  usersByTokens: 23,
  failures: 24,
  repositories: 25,
} as const;

/** A link to sessions, with variables of their board set. */
export const sessionsWith = (title: string, set: Record<string, string> = {}): Link =>
  toBoard(SESSIONS, { title, set });
