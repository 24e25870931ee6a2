import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'input_output_ratio',
  title: 'Input to output ratio',
  section: 'Cost and tokens',
  definition: 'Input tokens ÷ output tokens.',
  unit: 'ratio',
  display: 'none',
  better: 'neither',
  value: ratio(runs.input_tokens, runs.output_tokens),
});
