import { plain } from '../formula.js';
import { live } from '../bases/live.js';
import { metric } from '../metric.js';

export default metric({
  id: 'in_flight_runs_now',
  title: 'Runs in flight',
  section: 'Now',
  definition: 'As of now: runs that have started, have not ended, and were heard of within 24 hours.',
  unit: 'runs',
  better: 'neither',
  value: plain(live.in_flight_runs),
  live: true,
});
