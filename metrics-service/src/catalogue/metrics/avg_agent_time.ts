import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_agent_time',
  title: 'Average agent time',
  section: 'Speed',
  definition: 'Mean time that the agent itself spent in the terminal runs of known duration: waiting is left out.',
  unit: 'ms',
  better: 'lower',
  value: ratio(runs.execution_ms, runs.runs_with_duration),
});
