import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'sessions_with_runs',
  title: 'Sessions with runs',
  section: 'Adoption',
  definition: 'Distinct sessions of the runs. One counts in every group that has a run of it: groups do not add up.',
  unit: 'sessions',
  better: 'neither',
  value: plain(runs.sessions),
});
