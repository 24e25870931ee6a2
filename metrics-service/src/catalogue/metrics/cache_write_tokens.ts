import { knownSum } from '../formula.js';
import { parts } from '../bases/parts.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cache_write_tokens',
  title: 'Cache write tokens',
  section: 'Cost and tokens',
  definition: 'Input tokens written to a cache, over the runs with known tokens.',
  unit: 'tokens',
  better: 'neither',
  value: knownSum(runs.cache_write_tokens, runs.runs),
  byParts: knownSum(parts.cache_write_tokens, parts.parts),
});
