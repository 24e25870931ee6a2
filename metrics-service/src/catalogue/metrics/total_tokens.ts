import { knownSum } from '../formula.js';
import { parts } from '../measures/parts.js';
import { runs } from '../measures/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'total_tokens',
  title: 'Total tokens',
  section: 'Cost and tokens',
  definition: 'Input and output tokens of the runs with known tokens.',
  unit: 'tokens',
  better: 'neither',
  value: knownSum(runs.total_tokens, runs.runs),
  byCallModel: knownSum(parts.total_tokens, parts.parts),
});
