import { NANOS_PER_USD, ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cost_per_successful_run',
  title: 'Cost per successful run',
  section: 'Cost and tokens',
  definition: 'Total cost ÷ succeeded runs: what a success really costs, the failed attempts included.',
  unit: 'USD',
  better: 'lower',
  value: ratio(runs.cost_nanos, runs.succeeded_runs, NANOS_PER_USD),
});
