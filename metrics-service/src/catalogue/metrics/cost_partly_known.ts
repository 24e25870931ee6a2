import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cost_partly_known',
  title: 'Cost partly known',
  section: 'Cost and tokens',
  definition: 'Share of terminal runs whose cost is known in part: a lower bound.',
  unit: 'ratio',
  better: 'lower',
  value: ratio(runs.terminal_runs_with_part_of_cost, runs.terminal_runs),
});
