import { humanOf } from '../columns.js';
import { count, distinct, sumIfKnown, measuresOf, sum } from '../measure.js';
import { base } from './base.js';

/** Over the parts by model and phase, `p`, of the runs in the window. */
export const parts = measuresOf('parts', {
  parts: count(),
  people: distinct(humanOf('r.user_id')),
  cost_nanos: sumIfKnown('p.cost_nanos', { about: 'cost' }),
  cache_savings_nanos: sumIfKnown('p.cache_savings_nanos', { about: 'cost' }),
  unpriced_tokens: sum('p.unpriced_tokens'),
  input_tokens: sumIfKnown('p.input_tokens', { about: 'tokens' }),
  output_tokens: sumIfKnown('p.output_tokens', { about: 'tokens' }),
  cache_read_tokens: sumIfKnown('p.cache_read_tokens', { about: 'tokens' }),
  cache_write_tokens: sumIfKnown('p.cache_write_tokens', { about: 'tokens' }),
});

export const partsBase = base({
  name: 'parts',
  title: 'calls',
  rowsOf: 'run',
  join: (table) => `join ${table('run_models')} p on p.org_id = $1 and p.run_id = r.run_id`,
  rows: parts.parts,
  people: parts.people,
  addsUpOverTime: true,
});
