import { share } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'run_timeout_rate',
  title: 'Run timeout rate',
  section: 'Reliability',
  definition: 'Share of terminal runs with status TIMEOUT; in-flight runs are left out on purpose.',
  unit: 'ratio',
  better: 'lower',
  value: share(runs.timed_out_runs, runs.terminal_runs),
});
