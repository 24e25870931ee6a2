import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'failed_runs',
  title: 'Failed runs',
  section: 'Reliability',
  definition: 'Runs that ended with FAILED.',
  unit: 'runs',
  better: 'lower',
  value: plain(runs.failed_runs),
});
