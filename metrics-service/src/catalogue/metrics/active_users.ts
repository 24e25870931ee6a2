import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'active_users',
  title: 'Active users',
  section: 'Adoption',
  definition: 'Distinct persons among the users of the runs in the window; services are none.',
  unit: 'users',
  better: 'higher',
  value: plain(runs.active_users),
});
