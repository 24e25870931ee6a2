import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'lines_deleted',
  title: 'Lines deleted',
  section: 'Output',
  definition: 'Lines deleted, summed over the runs that reported them.',
  unit: 'lines',
  better: 'neither',
  value: plain(runs.lines_deleted),
});
