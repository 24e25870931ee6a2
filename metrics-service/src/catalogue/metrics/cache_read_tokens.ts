import { knownSum } from '../formula.js';
import { parts } from '../bases/parts.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cache_read_tokens',
  title: 'Cache read tokens',
  section: 'Cost and tokens',
  definition: 'Input tokens read from a cache, over the runs with known tokens.',
  unit: 'tokens',
  better: 'neither',
  value: knownSum(runs.cache_read_tokens, runs.runs),
  byParts: knownSum(parts.cache_read_tokens, parts.parts),
});
