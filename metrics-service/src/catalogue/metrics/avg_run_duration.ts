import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_run_duration',
  title: 'Average run duration',
  section: 'Speed',
  definition: 'Mean time from start to completion of the terminal runs, where known.',
  unit: 'ms',
  better: 'lower',
  value: ratio(runs.duration_ms, runs.runs_with_duration),
});
