import { plain } from '../formula.js';
import { people } from '../bases/people.js';
import { metric } from '../metric.js';

export default metric({
  id: 'quiet_users',
  title: 'Quiet users',
  section: 'Adoption',
  definition: 'Known users with a run in the window of the same length directly before, and none in this one.',
  unit: 'users',
  better: 'lower',
  value: plain(people.quiet_users),
});
