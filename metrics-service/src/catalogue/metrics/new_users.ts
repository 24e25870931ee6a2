import { plain } from '../formula.js';
import { newcomers } from '../bases/newcomers.js';
import { metric } from '../metric.js';

export default metric({
  id: 'new_users',
  title: 'New users',
  section: 'Adoption',
  definition:
    'Distinct persons among the users of the runs whose first run ever lies in the window; services are none.',
  unit: 'users',
  better: 'neither',
  value: plain(newcomers.new_users),
});
