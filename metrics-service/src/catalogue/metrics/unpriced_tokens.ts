import { plain } from '../formula.js';
import { parts } from '../bases/parts.js';
import { metric } from '../metric.js';

export default metric({
  id: 'unpriced_tokens',
  title: 'Unpriced tokens',
  section: 'Cost and tokens',
  definition: 'Tokens of the parts of the runs without a known cost.',
  unit: 'tokens',
  better: 'lower',
  value: plain(parts.unpriced_tokens),
});
