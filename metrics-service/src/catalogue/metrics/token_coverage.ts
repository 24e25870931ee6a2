import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'token_coverage',
  title: 'Token coverage',
  section: 'Cost and tokens',
  definition: 'Share of terminal runs whose tokens are known.',
  unit: 'ratio',
  better: 'higher',
  value: ratio(runs.terminal_runs_with_tokens, runs.terminal_runs),
});
