import { knownSum, NANOS_PER_USD } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'fully_known_cost',
  title: 'Fully known cost',
  section: 'Cost and tokens',
  definition: 'Sum of the costs of the runs whose cost is fully known; with the lower bound it is the total cost.',
  unit: 'USD',
  better: 'neither',
  value: knownSum(runs.fully_known_cost_nanos, runs.runs_with_cost, NANOS_PER_USD),
});
