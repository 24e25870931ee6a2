import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'files_changed',
  title: 'Files changed',
  section: 'Output',
  definition: 'Files changed, summed over the runs that reported them.',
  unit: 'files',
  better: 'neither',
  value: plain(runs.files_changed),
});
