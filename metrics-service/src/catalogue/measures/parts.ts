import { measuresOf } from '../measure.js';

/** Aggregates over the parts by model, `p`, of the runs in the window. */
export const parts = measuresOf('parts', {
  parts: ['count', 'count(*)'],
  people: ['distinct', 'r.user_id'],
  cost_nanos: ['known', 'sum(p.cost_nanos)'],
  total_tokens: ['known', 'sum(p.input_tokens) + sum(p.output_tokens)'],
  input_tokens: ['known', 'sum(p.input_tokens)'],
  output_tokens: ['known', 'sum(p.output_tokens)'],
  cache_read_tokens: ['known', 'sum(p.cache_read_tokens)'],
  cache_write_tokens: ['known', 'sum(p.cache_write_tokens)'],
  uncached_input_tokens: ['known', 'sum(p.input_tokens) - sum(p.cache_read_tokens) - sum(p.cache_write_tokens)'],
});
