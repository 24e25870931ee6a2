import { minus, ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_await',
  title: 'Average wait for a person',
  section: 'Speed',
  definition:
    'Mean time that the terminal runs of known duration waited for a person or a limit, 0 where none was told: the rest of the average run duration is agent time.',
  unit: 'ms',
  better: 'lower',
  value: ratio(minus(runs.duration_ms, runs.execution_ms), runs.runs_with_duration),
});
