import { humanOf } from '../columns.js';
import { count, countKnown, distinct, max, measuresOf, sum } from '../measure.js';
import { base } from './base.js';

/** Over the active sessions, `a`: one row per session with its activity in the window (query/statements/active-sessions.ts). */
export const sessions = measuresOf('sessions', {
  active_sessions: count(),
  people: distinct(humanOf('s.created_by_user_id')),
  session_runs: sum('a.runs'),
  agent_ms: sum('a.execution_ms'),
  lifespan_ms: sum('a.lifespan_ms'),
  sessions_with_message: countKnown('a.lifespan_ms'),
  handoffs: sum('a.handoffs'),
  sessions_with_handoff: count({ where: { sql: 'a.local_handoff', columns: ['a.local_handoff'] } }),
  sessions_with_followed_handoff: count({ where: { sql: 'a.followed', columns: ['a.followed'] } }),
  max_cost_nanos: max('a.cost_nanos', { about: 'cost' }),
});

export const sessionsBase = base({
  name: 'sessions',
  title: 'sessions',
  rowsOf: 'session',
  rows: sessions.active_sessions,
  people: sessions.people,
  // a session active on two days counts once over both
  addsUpOverTime: false,
});
