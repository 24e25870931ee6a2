import { plus, ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'tokens_per_run',
  title: 'Tokens per run',
  section: 'Cost and tokens',
  definition: 'Total tokens ÷ runs with known tokens.',
  unit: 'tokens',
  better: 'lower',
  value: ratio(plus(runs.input_tokens, runs.output_tokens), runs.runs_with_tokens),
});
