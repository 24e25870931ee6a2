import { plain } from '../formula.js';
import { live } from '../bases/live.js';
import { metric } from '../metric.js';

export default metric({
  id: 'max_context_use_now',
  title: 'Highest context use',
  section: 'Now',
  definition: 'As of now: the greatest context tokens ÷ context limit of the runs in flight.',
  unit: 'ratio',
  better: 'lower',
  value: plain(live.max_context_use),
  live: true,
});
