import { knownSum } from '../formula.js';
import { parts } from '../measures/parts.js';
import { runs } from '../measures/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cache_read_tokens',
  title: 'Cache read tokens',
  section: 'Cost and tokens',
  definition: 'Input tokens read from a cache, over the runs with known tokens.',
  unit: 'tokens',
  better: 'neither',
  value: knownSum(runs.cache_read_tokens, runs.runs),
  byCallModel: knownSum(parts.cache_read_tokens, parts.parts),
});
