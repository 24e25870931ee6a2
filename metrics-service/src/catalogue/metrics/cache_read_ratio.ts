import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cache_read_ratio',
  title: 'Cache read ratio',
  section: 'Cost and tokens',
  definition: 'Cache read tokens ÷ input tokens.',
  unit: 'ratio',
  better: 'higher',
  value: ratio(runs.cache_read_tokens, runs.input_tokens),
});
