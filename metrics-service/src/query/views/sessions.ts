import activeSessions from '../../catalogue/metrics/active_sessions.js';
import { takes } from '../../catalogue/index.js';
import { foundSessions } from '../found-sessions.js';
import { greatestSessions } from '../greatest-sessions.js';
import { latestSessions } from '../latest-sessions.js';
import { checkTakes } from '../plan.js';
import { SESSION_COLUMNS, sessionsListStatement } from '../statements/sessions-list.js';
import { listView } from './list-view.js';

/** The sessions that are active in the window, one row each. */
export const sessions = listView({
  name: 'sessions',
  what: 'session',
  title: 'Sessions list',
  columns: SESSION_COLUMNS,
  by: 'last_active_at',
  filters: takes(activeSessions).filters,
  check: (filters) => checkTakes(activeSessions, [], filters),
  quickPage: async (...page) =>
    (await latestSessions(...page)) ?? (await greatestSessions(...page)) ?? foundSessions(...page),
  statement: sessionsListStatement,
});
