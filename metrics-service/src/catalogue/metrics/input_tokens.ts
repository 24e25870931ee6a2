import { knownSum } from '../formula.js';
import { parts } from '../bases/parts.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'input_tokens',
  title: 'Input tokens',
  section: 'Cost and tokens',
  definition: 'All tokens the models read, cached ones included, over the runs with known tokens.',
  unit: 'tokens',
  better: 'neither',
  value: knownSum(runs.input_tokens, runs.runs),
  byParts: knownSum(parts.input_tokens, parts.parts),
});
