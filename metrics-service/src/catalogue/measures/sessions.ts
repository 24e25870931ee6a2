import { measuresOf } from '../measure.js';

/** Aggregates over the active sessions, `a`: one row per session with its activity in the window. */
export const sessions = measuresOf('sessions', {
  active_sessions: ['count', 'count(*)'],
  people: ['count', 'count(distinct s.created_by_user_id)'],
  session_runs: ['count', 'sum(a.runs)'],
  agent_ms: ['count', 'sum(a.agent_ms)'],
  lifespan_ms: ['count', '(extract(epoch from sum(a.last_message_at - a.first_message_at)) * 1000)::numeric(40, 0)'],
  sessions_with_message: ['count', 'count(a.first_message_at)'],
  handoffs: ['count', 'sum(a.handoffs)'],
  sessions_with_handoff: ['count', 'count(*) filter (where a.handoffs > 0)'],
  sessions_with_followed_handoff: ['count', 'count(*) filter (where a.followed)'],
  max_cost_nanos: ['known', 'max(a.cost_nanos)'],
});
