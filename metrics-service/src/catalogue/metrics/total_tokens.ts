import { knownSum, plus } from '../formula.js';
import { parts } from '../bases/parts.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'total_tokens',
  title: 'Total tokens',
  section: 'Cost and tokens',
  definition: 'Input and output tokens of the runs with known tokens.',
  unit: 'tokens',
  better: 'neither',
  value: knownSum(plus(runs.input_tokens, runs.output_tokens), runs.runs),
  byParts: knownSum(plus(parts.input_tokens, parts.output_tokens), parts.parts),
});
