import { NANOS_PER_USD, plain } from '../formula.js';
import { spending } from '../bases/spending.js';
import { metric } from '../metric.js';

export default metric({
  id: 'burn_rate_now',
  title: 'Burn per hour',
  section: 'Now',
  definition:
    'As of now: what runs cost more than ten minutes ago, by what was told of up to either moment, times 6: US dollars per hour.',
  unit: 'USD/hour',
  better: 'neither',
  value: plain(spending.nanos_per_hour, NANOS_PER_USD),
  live: true,
});
