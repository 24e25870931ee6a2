import { NANOS_PER_USD, ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cost_per_work_item',
  title: 'Cost per work item',
  section: 'Work items',
  definition:
    'Known cost of the runs that are about a work item ÷ the work items of which any of these runs has a known cost.',
  unit: 'USD',
  better: 'lower',
  value: ratio(runs.work_item_cost_nanos, runs.work_items_with_cost, NANOS_PER_USD),
});
