import { NANOS_PER_USD, plain } from '../formula.js';
import { sessions } from '../bases/sessions.js';
import { metric } from '../metric.js';

export default metric({
  id: 'max_session_cost',
  title: 'Highest session cost',
  section: 'Cost and tokens',
  definition: 'The greatest known total cost of an active session in the window.',
  unit: 'USD',
  better: 'lower',
  ofOne: true,
  value: plain(sessions.max_cost_nanos, NANOS_PER_USD),
});
