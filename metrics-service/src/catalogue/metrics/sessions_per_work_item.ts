import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'sessions_per_work_item',
  title: 'Sessions per work item',
  section: 'Work items',
  definition: 'Distinct sessions of the runs that are about a work item ÷ work items.',
  unit: 'sessions',
  better: 'lower',
  value: ratio(runs.sessions_of_work_items, runs.work_items),
});
