import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'active_users',
  title: 'Active users',
  section: 'Adoption',
  definition: 'Distinct users of the runs in the window.',
  unit: 'users',
  better: 'higher',
  value: plain(runs.active_users),
});
