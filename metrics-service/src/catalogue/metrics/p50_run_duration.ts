import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'p50_run_duration',
  title: 'Median run duration',
  section: 'Speed',
  definition: 'Median time from start to completion of the terminal runs, exact and continuous.',
  unit: 'ms',
  better: 'lower',
  value: plain(runs.p50_duration_ms),
});
