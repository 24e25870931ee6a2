import { knownSum, minus } from '../formula.js';
import { parts } from '../bases/parts.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'uncached_input_tokens',
  title: 'Uncached input tokens',
  section: 'Cost and tokens',
  definition: 'Input tokens neither read from nor written to a cache.',
  unit: 'tokens',
  better: 'neither',
  value: knownSum(minus(runs.input_tokens, runs.cache_read_tokens, runs.cache_write_tokens), runs.runs),
  byParts: knownSum(minus(parts.input_tokens, parts.cache_read_tokens, parts.cache_write_tokens), parts.parts),
});
