import { share } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'run_cancel_rate',
  title: 'Run cancel rate',
  section: 'Reliability',
  definition: 'Share of terminal runs with status CANCELED; in-flight runs are left out on purpose.',
  unit: 'ratio',
  better: 'lower',
  value: share(runs.canceled_runs, runs.terminal_runs),
});
