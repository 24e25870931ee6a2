import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cost_to_usual',
  title: 'Cost to usual',
  section: 'Cost and tokens',
  definition:
    'Total cost ÷ the median of the same days and hours of the four weeks before, at least three of them with a run; windows of up to 7 days.',
  unit: 'ratio',
  better: 'neither',
  value: { base: 'usual', measures: [runs.cost_nanos, runs.runs] },
});
