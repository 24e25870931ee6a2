import { entity } from './entity.js';

export const llmCall = entity('llm_call', {
  table: 'llm_calls',
  id: 'callId',
  plural: 'calls',
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
    tier: [6, 'text'],
    speed: [7, 'text'],
    region: [8, 'text'],
    web_searches: [9, 'bigint'],
  },
  derived: { run_id: 'text', cost_nanos: 'numeric' },
  moments: ['at'],
  belongsTo: ['run', 'session'],
  events: {
    recorded: {
      session_id: 'sessionId',
      reported_run_id: 'runId',
      at: 'at',
      model: 'model',
      reported_cost_nanos: 'costUsd',
      usage: {
        input_tokens: ({ usage }) => usage.inputTokens,
        output_tokens: ({ usage }) => usage.outputTokens,
        cache_read_tokens: ({ usage }) => usage.cacheReadTokens ?? 0,
        cache_write_tokens: ({ usage }) => usage.cacheWriteTokens ?? 0,
        cache_write_1h_tokens: ({ usage }) => usage.cacheWrite1hTokens ?? 0,
        reasoning_tokens: ({ usage }) => usage.reasoningTokens,
      },
      tier: 'tier',
      speed: 'speed',
      region: 'region',
      web_searches: 'webSearches',
    },
  },
});
