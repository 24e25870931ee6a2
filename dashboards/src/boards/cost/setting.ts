import { field, RUNS, SESSIONS, toBoard, type Link } from '../../links.js';
import { CHOSEN, type Setting } from '../../query.js';
import { filteredBy, SHARED } from '../../variables.js';

export const SETTING: Setting = { datasource: CHOSEN, filters: filteredBy(SHARED) };

/** Ids stay: alert rules refer to panels by them. */
export const PANELS = {
  daily: 1,
  outcomes: 2,
  teams: 3,
  repos: 4,
  roles: 5,
  tasks: 6,
  agents: 7,
  work_items: 8,
  sessions: 9,
  runs: 10,
  dearSessions: 11,
  models: 12,
  cache: 13,
  /** the cards' from here on, in their order */
  cards: 21,
} as const;

export const sessionsWith = (title: string, set: Record<string, string>): Link =>
  toBoard(SESSIONS, { title, set: { sort: 'total_cost', ...set } });
export const runsWith = (title: string, set: Record<string, string>): Link =>
  toBoard(RUNS, { title, set: { first: 'total_cost', ...set } });

/** The rows of that group, the dearest first. */
export const ofGroup = (name: string): Link =>
  name === 'role' || name === 'agent' || name === 'task_type'
    ? runsWith('Runs of ${__value.text}, dearest first', name === 'agent' ? { agent: field('agent') } : {})
    : sessionsWith('Sessions of ${__value.text}, dearest first', { [name]: field(name) });
