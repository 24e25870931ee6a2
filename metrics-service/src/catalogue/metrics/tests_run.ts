import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'tests_run',
  title: 'Tests run',
  section: 'Output',
  definition: 'Tests run, summed over the runs that reported them.',
  unit: 'tests',
  better: 'neither',
  value: plain(runs.tests_run),
});
