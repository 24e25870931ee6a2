import { shareAcross } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'failure_share',
  title: 'Failure share',
  section: 'Reliability',
  definition: 'Grouped by failure category: its FAILED runs ÷ all FAILED runs after filters and the other grouping.',
  unit: 'ratio',
  better: 'neither',
  value: shareAcross('failure_category', runs.failed_runs),
  requires: 'failure_category',
});
