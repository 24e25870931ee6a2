import { ratio } from '../formula.js';
import { closedItems } from '../bases/closed-items.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_time_to_close',
  title: 'Average time to close',
  section: 'Work items',
  definition:
    'Of those closed: mean time from the start of the first run to the closing, where a run started before it.',
  unit: 'ms',
  better: 'lower',
  value: ratio(closedItems.time_to_close_ms, closedItems.items_with_time),
});
