import { plain } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'p95_run_duration',
  title: 'P95 run duration',
  section: 'Speed',
  definition: '95th percentile of the time from start to completion of the terminal runs, exact and continuous.',
  unit: 'ms',
  better: 'lower',
  value: plain(runs.p95_duration_ms),
});
