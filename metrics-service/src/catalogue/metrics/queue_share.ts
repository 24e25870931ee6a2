import { plus, ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'queue_share',
  title: 'Queue share',
  section: 'Speed',
  definition: 'Queue wait ÷ (queue wait + duration), over the terminal runs with both known.',
  unit: 'ratio',
  better: 'lower',
  value: ratio(runs.shared_queue_wait_ms, plus(runs.shared_queue_wait_ms, runs.shared_duration_ms)),
});
