import { ratio } from '../formula.js';
import { sessions } from '../bases/sessions.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_runs_per_session',
  title: 'Average runs per session',
  section: 'Sessions',
  definition: 'Runs of the active sessions in the window ÷ active sessions.',
  unit: 'runs',
  display: 'short',
  better: 'neither',
  value: ratio(sessions.session_runs, sessions.active_sessions),
});
