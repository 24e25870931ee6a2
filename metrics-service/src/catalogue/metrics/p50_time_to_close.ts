import { plain } from '../formula.js';
import { closedItems } from '../bases/closed-items.js';
import { metric } from '../metric.js';

export default metric({
  id: 'p50_time_to_close',
  title: 'Median time to close',
  section: 'Work items',
  definition:
    'Of those closed: median time from the start of the first run to the closing, where a run started before it.',
  unit: 'ms',
  better: 'lower',
  value: plain(closedItems.p50_time_to_close_ms),
});
