import { plain } from '../formula.js';
import { sessions } from '../bases/sessions.js';
import { metric } from '../metric.js';

export default metric({
  id: 'handoffs',
  title: 'Handoffs',
  section: 'Sessions',
  definition: 'Handoffs to a local machine in the window.',
  unit: 'handoffs',
  better: 'neither',
  value: plain(sessions.handoffs),
});
