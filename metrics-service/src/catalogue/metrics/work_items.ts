import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'work_items',
  title: 'Work items',
  section: 'Work items',
  definition:
    'Work items with a run in the window. One counts in every group that has a run of it: groups do not add up.',
  unit: 'work items',
  better: 'neither',
  value: plain(runs.work_items),
});
