import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'p95_queue_wait',
  title: 'P95 queue wait',
  section: 'Speed',
  definition: '95th percentile of the time the runs waited before they started, exact and continuous.',
  unit: 'ms',
  better: 'lower',
  value: plain(runs.p95_queue_wait_ms),
});
