import { minus, ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_await',
  title: 'Average wait for a person',
  section: 'Speed',
  definition: 'Mean wait of terminal runs for a person or a limit, 0 if untold.',
  unit: 'ms',
  better: 'lower',
  value: ratio(minus(runs.duration_ms, runs.execution_ms), runs.runs_with_duration),
});
