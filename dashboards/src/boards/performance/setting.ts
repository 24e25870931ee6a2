import { CHOSEN, type Setting } from '../../query.js';
import { filteredBy, SHARED } from '../../variables.js';

export const SETTING: Setting = { datasource: CHOSEN, filters: filteredBy([...SHARED, 'task_type']) };

/** Ids stay: alert rules refer to panels by them. */
export const PANELS = {
  histogram: 1,
  heatMap: 2,
  durations: 3,
  queue: 4,
  shares: 5,
  peakHours: 6,
  tasks: 7,
  phases: 8,
  tools: 9,
  tokens: 10,
  cache: 11,
  savings: 12,
  spent: 13,
  /** the cards' from here on, in their order */
  cards: 21,
} as const;
