import { share } from '../formula.js';
import { sessions } from '../bases/sessions.js';
import { metric } from '../metric.js';

export default metric({
  id: 'post_handoff_iteration_rate',
  title: 'Post-handoff iteration rate',
  section: 'Sessions',
  definition:
    "Share of active sessions with a handoff in the window that a run follows within the organization's time, 24 hours by default.",
  unit: 'ratio',
  better: 'lower',
  value: share(sessions.sessions_with_followed_handoff, sessions.active_sessions),
});
