import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cost_coverage',
  title: 'Cost coverage',
  section: 'Cost and tokens',
  definition: 'Share of terminal runs whose cost is fully known.',
  unit: 'ratio',
  better: 'higher',
  value: ratio(runs.terminal_runs_with_cost, runs.terminal_runs),
});
