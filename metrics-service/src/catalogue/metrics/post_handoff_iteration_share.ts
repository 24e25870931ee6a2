import { share } from '../formula.js';
import { sessions } from '../bases/sessions.js';
import { metric } from '../metric.js';

export default metric({
  id: 'post_handoff_iteration_share',
  title: 'Post-handoff iteration share',
  section: 'Sessions',
  definition: 'Sessions with a handoff that a run follows ÷ sessions with a handoff in the window.',
  unit: 'ratio',
  better: 'lower',
  value: share(sessions.sessions_with_followed_handoff, sessions.sessions_with_handoff),
});
