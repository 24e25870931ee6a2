import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'lines_added',
  title: 'Lines added',
  section: 'Output',
  definition: 'Lines added, summed over the runs that reported them.',
  unit: 'lines',
  better: 'neither',
  value: plain(runs.lines_added),
});
