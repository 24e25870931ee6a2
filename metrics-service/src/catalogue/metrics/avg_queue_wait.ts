import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_queue_wait',
  title: 'Average queue wait',
  section: 'Speed',
  definition: 'Mean time the runs waited before they started, where known.',
  unit: 'ms',
  better: 'lower',
  value: ratio(runs.queue_wait_ms, runs.runs_with_queue_wait),
});
