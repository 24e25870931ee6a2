import { knownSum } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'agent_active_time',
  title: 'Agent active time',
  section: 'Speed',
  definition: 'Known time that agents spent in terminal runs; waiting for a person or a usage limit is left out.',
  unit: 'ms',
  better: 'neither',
  value: knownSum(runs.execution_ms, runs.runs),
});
