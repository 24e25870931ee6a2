import { knownSum, NANOS_PER_USD } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'unsuccessful_cost',
  title: 'Unsuccessful cost',
  section: 'Cost and tokens',
  definition: 'Sum of the known costs of the terminal runs that did not succeed.',
  unit: 'USD',
  better: 'lower',
  value: knownSum(runs.unsuccessful_cost_nanos, runs.unsuccessful_runs, NANOS_PER_USD),
});
