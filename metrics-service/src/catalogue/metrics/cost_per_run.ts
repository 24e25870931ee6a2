import { NANOS_PER_USD, ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cost_per_run',
  title: 'Cost per run',
  section: 'Cost and tokens',
  definition: 'Mean cost of the runs whose cost is fully known.',
  unit: 'USD',
  better: 'lower',
  value: ratio(runs.fully_known_cost_nanos, runs.runs_with_cost, NANOS_PER_USD),
});
