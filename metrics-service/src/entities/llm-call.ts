import { entity } from './entity.js';

export const llmCall = entity({
  table: 'llm_calls',
  idColumn: 'call_id',
  fields: {
    session_id: [0, 'text'],
    reported_run_id: [1, 'text'],
    at: [2, 'timestamptz'],
    model: [3, 'text'],
    reported_cost_nanos: [4, 'bigint'],
    usage: [
      5,
      {
        input_tokens: 'bigint',
        output_tokens: 'bigint',
        cache_read_tokens: 'bigint',
        cache_write_tokens: 'bigint',
        cache_write_1h_tokens: 'bigint',
        reasoning_tokens: 'bigint',
      },
    ],
  },
  derived: { run_id: 'text', cost_nanos: 'numeric' },
});
