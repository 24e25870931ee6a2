import { divide } from '../exact.js';
import { minus, NANOS_PER_USD, plain, type Cell } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

const nanos = (value: unknown): bigint => (typeof value === 'bigint' ? value : 0n);

export default metric({
  id: 'lower_bound_cost',
  title: 'Cost, a lower bound',
  section: 'Cost and tokens',
  definition: 'Sum of the known parts of the costs of the runs whose cost is known in part: they cost at least this.',
  unit: 'USD',
  better: 'lower',
  value: {
    ...plain(minus(runs.cost_nanos, runs.fully_known_cost_nanos), NANOS_PER_USD),
    // each is unknown where no run has any
    evaluate: (cell: Cell<'runs'>) =>
      divide(nanos(cell.value(runs.cost_nanos)) - nanos(cell.value(runs.fully_known_cost_nanos)), NANOS_PER_USD),
  },
});
