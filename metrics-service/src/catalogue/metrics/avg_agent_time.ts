import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_agent_time',
  title: 'Average agent time',
  section: 'Speed',
  definition: 'Mean duration of terminal runs, waiting left out.',
  unit: 'ms',
  better: 'neither',
  value: ratio(runs.execution_ms, runs.runs_with_duration),
});
