import { share } from '../formula.js';
import { sessions } from '../bases/sessions.js';
import { metric } from '../metric.js';

export default metric({
  id: 'local_handoff_rate',
  title: 'Local handoff rate',
  section: 'Sessions',
  definition: 'Share of active sessions with at least one handoff to a local machine in the window.',
  unit: 'ratio',
  better: 'neither',
  value: share(sessions.sessions_with_handoff, sessions.active_sessions),
});
