import { share } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'run_failure_rate',
  title: 'Run failure rate',
  section: 'Reliability',
  definition: 'Share of terminal runs with status FAILED; in-flight runs are left out on purpose.',
  unit: 'ratio',
  better: 'lower',
  value: share(runs.failed_runs, runs.terminal_runs),
});
