import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'active_agents',
  title: 'Active agents',
  section: 'Adoption',
  definition: 'Distinct agents over the runs, as reported.',
  unit: 'agents',
  better: 'neither',
  value: plain(runs.active_agents),
});
