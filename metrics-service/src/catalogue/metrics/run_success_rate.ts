import { share } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'run_success_rate',
  title: 'Run success rate',
  section: 'Reliability',
  definition: 'Share of terminal runs with status SUCCEEDED; in-flight runs are left out on purpose.',
  unit: 'ratio',
  better: 'higher',
  value: share(runs.succeeded_runs, runs.terminal_runs),
});
