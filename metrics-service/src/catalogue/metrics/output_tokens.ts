import { knownSum } from '../formula.js';
import { parts } from '../bases/parts.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'output_tokens',
  title: 'Output tokens',
  section: 'Cost and tokens',
  definition: 'Tokens the models wrote, reasoning included, over the runs with known tokens.',
  unit: 'tokens',
  better: 'neither',
  value: knownSum(runs.output_tokens, runs.runs),
  byParts: knownSum(parts.output_tokens, parts.parts),
});
