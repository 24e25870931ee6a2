import { share } from '../formula.js';
import { closedItems } from '../bases/closed-items.js';
import { metric } from '../metric.js';

export default metric({
  id: 'quality_rate',
  title: 'Quality rate',
  section: 'Work items',
  definition: 'Of those closed with a word on quality: share whose last word is passed, whenever it came.',
  unit: 'ratio',
  better: 'higher',
  value: share(closedItems.passed_items, closedItems.items_with_quality),
});
