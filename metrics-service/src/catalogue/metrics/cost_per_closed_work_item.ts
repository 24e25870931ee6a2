import { NANOS_PER_USD, ratio } from '../formula.js';
import { closedItems } from '../bases/closed-items.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cost_per_closed_work_item',
  title: 'Cost per closed work item',
  section: 'Work items',
  definition:
    'Of those closed: known cost of all their runs, whenever they ran ÷ those of which any run has a known cost.',
  unit: 'USD',
  better: 'lower',
  value: ratio(closedItems.cost_nanos, closedItems.items_with_cost, NANOS_PER_USD),
});
