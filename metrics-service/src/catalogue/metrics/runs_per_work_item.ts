import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'runs_per_work_item',
  title: 'Runs per work item',
  section: 'Work items',
  definition: 'Runs that are about a work item ÷ work items.',
  unit: 'runs',
  better: 'lower',
  value: ratio(runs.runs_of_work_items, runs.work_items),
});
