import { plain } from '../formula.js';
import { live } from '../bases/live.js';
import { metric } from '../metric.js';

export default metric({
  id: 'queued_runs_now',
  title: 'Queued runs',
  section: 'Now',
  definition: 'As of now: runs that are queued, have not started or ended, and were heard of within 24 hours.',
  unit: 'runs',
  better: 'lower',
  value: plain(live.queued_runs),
  live: true,
});
