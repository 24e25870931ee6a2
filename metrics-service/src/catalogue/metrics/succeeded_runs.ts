import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'succeeded_runs',
  title: 'Succeeded runs',
  section: 'Reliability',
  definition: 'Runs that ended with SUCCEEDED.',
  unit: 'runs',
  better: 'higher',
  value: plain(runs.succeeded_runs),
});
