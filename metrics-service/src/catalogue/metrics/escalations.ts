import { plain } from '../formula.js';
import { escalations } from '../bases/escalations.js';
import { metric } from '../metric.js';

export default metric({
  id: 'escalations',
  title: 'Escalations',
  section: 'Work items',
  definition: 'Escalations that occurred in the window.',
  unit: 'escalations',
  better: 'lower',
  value: plain(escalations.escalations),
});
