import { plain } from '../formula.js';
import { closedItems } from '../bases/closed-items.js';
import { metric } from '../metric.js';

export default metric({
  id: 'closed_work_items',
  title: 'Closed work items',
  section: 'Work items',
  definition: 'Work items that are closed now and whose latest closing lies in the window.',
  unit: 'work items',
  better: 'higher',
  value: plain(closedItems.closed_items),
});
