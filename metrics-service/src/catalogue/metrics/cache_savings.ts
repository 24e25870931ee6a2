import { knownSum, NANOS_PER_USD } from '../formula.js';
import { parts } from '../bases/parts.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'cache_savings',
  title: 'Cache savings',
  section: 'Cost and tokens',
  definition:
    'What reading input from a cache saved, less what writing it there cost more than fresh input, at the prices of the time.',
  unit: 'USD',
  better: 'higher',
  value: knownSum(runs.cache_savings_nanos, runs.runs, NANOS_PER_USD),
  byParts: knownSum(parts.cache_savings_nanos, parts.parts, NANOS_PER_USD),
});
