import { plain } from '../formula.js';
import { sessions } from '../bases/sessions.js';
import { metric } from '../metric.js';

export default metric({
  id: 'active_sessions',
  title: 'Active sessions',
  section: 'Adoption',
  definition: 'Sessions with at least one run, message or handoff in the window.',
  unit: 'sessions',
  better: 'higher',
  value: plain(sessions.active_sessions),
});
