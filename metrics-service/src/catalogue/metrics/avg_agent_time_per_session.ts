import { ratio } from '../formula.js';
import { sessions } from '../bases/sessions.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_agent_time_per_session',
  title: 'Average agent time per session',
  section: 'Sessions',
  definition:
    'Known time that agents spent in the terminal runs of the active sessions, waiting left out, ÷ active sessions.',
  unit: 'ms',
  better: 'neither',
  value: ratio(sessions.agent_ms, sessions.active_sessions),
});
