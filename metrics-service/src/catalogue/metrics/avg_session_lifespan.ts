import { ratio } from '../formula.js';
import { sessions } from '../bases/sessions.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_session_lifespan',
  title: 'Average session lifespan',
  section: 'Sessions',
  definition: 'Mean time from the first to the last message in the window, over the active sessions with a message.',
  unit: 'ms',
  better: 'neither',
  value: ratio(sessions.lifespan_ms, sessions.sessions_with_message),
});
