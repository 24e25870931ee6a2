import { plain } from '../formula.js';
import { newcomers } from '../bases/newcomers.js';
import { metric } from '../metric.js';

export default metric({
  id: 'new_agents',
  title: 'New agents',
  section: 'Adoption',
  definition: 'Distinct agents over the runs whose first run ever lies in the window.',
  unit: 'agents',
  better: 'neither',
  value: plain(newcomers.new_agents),
});
