import { knownSum, NANOS_PER_USD } from '../formula.js';
import { parts } from '../bases/parts.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'total_cost',
  title: 'Total cost',
  section: 'Cost and tokens',
  definition: 'Sum of the known costs of the runs in the window; unknown, not free, where none is known.',
  unit: 'USD',
  better: 'lower',
  value: knownSum(runs.cost_nanos, runs.runs, NANOS_PER_USD),
  byParts: knownSum(parts.cost_nanos, parts.parts, NANOS_PER_USD),
});
