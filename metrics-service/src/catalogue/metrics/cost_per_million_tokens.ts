import { NANOS_PER_USD, plus, ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cost_per_million_tokens',
  title: 'Cost per million tokens',
  section: 'Cost and tokens',
  definition: 'Total cost of the runs whose cost is fully known ÷ their total tokens × 1,000,000.',
  unit: 'USD',
  better: 'lower',
  value: ratio(
    runs.fully_known_cost_nanos,
    plus(runs.input_tokens_with_cost, runs.output_tokens_with_cost),
    NANOS_PER_USD / 1_000_000n,
  ),
});
