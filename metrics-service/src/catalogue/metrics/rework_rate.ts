import { share } from '../formula.js';
import { closedItems } from '../bases/closed-items.js';
import { metric } from '../metric.js';

export default metric({
  id: 'rework_rate',
  title: 'Rework rate',
  section: 'Work items',
  definition: 'Of those closed with a word on quality: share that was ever reopened or sent back for rework.',
  unit: 'ratio',
  better: 'lower',
  value: share(closedItems.reworked_items, closedItems.items_with_quality),
});
