import { plus, ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'tokens_per_work_item',
  title: 'Tokens per work item',
  section: 'Work items',
  definition:
    'Known tokens of the runs that are about a work item ÷ the work items of which any of these runs has known tokens.',
  unit: 'tokens',
  better: 'lower',
  value: ratio(plus(runs.work_item_input_tokens, runs.work_item_output_tokens), runs.work_items_with_tokens),
});
