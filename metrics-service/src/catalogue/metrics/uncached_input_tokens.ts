import { knownSum } from '../formula.js';
import { parts } from '../measures/parts.js';
import { runs } from '../measures/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'uncached_input_tokens',
  title: 'Uncached input tokens',
  section: 'Cost and tokens',
  definition: 'Input tokens neither read from nor written to a cache.',
  unit: 'tokens',
  better: 'neither',
  value: knownSum(runs.uncached_input_tokens, runs.runs),
  byCallModel: knownSum(parts.uncached_input_tokens, parts.parts),
});
