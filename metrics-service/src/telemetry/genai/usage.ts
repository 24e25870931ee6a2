import type { RecordContext } from '../context.js';
import { countOf } from '../values.js';

/** The names of a count: that of the conventions, then former ones and those of frameworks. */
const NAMES = {
  input: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'ai.usage.inputTokens', 'ai.usage.promptTokens'],
  output: [
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'ai.usage.outputTokens',
    'ai.usage.completionTokens',
  ],
  cacheRead: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.details.cache_read_tokens',
    'ai.usage.inputTokenDetails.cacheReadTokens',
    'ai.usage.cachedInputTokens',
  ],
  cacheWrite: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.details.cache_write_tokens',
    'ai.usage.inputTokenDetails.cacheWriteTokens',
  ],
  reasoning: [
    'gen_ai.usage.reasoning.output_tokens',
    'gen_ai.usage.reasoning_tokens',
    'gen_ai.usage.details.reasoning_tokens',
    'ai.usage.outputTokenDetails.reasoningTokens',
    'ai.usage.reasoningTokens',
  ],
} as const;

/**
 * The tokens of a call. Input includes what was cached, as the conventions have it; where it does not (the cached parts exceed
 * it) they are added. null: it tells none; a text says which count is none.
 */
export function usageOf(context: RecordContext): Record<string, number> | string | null {
  const counts: Partial<Record<keyof typeof NAMES, number>> = {};
  for (const [what, names] of Object.entries(NAMES) as [keyof typeof NAMES, readonly string[]][]) {
    const name = names.find((one) => context.value(one) != null);
    if (name === undefined) continue;
    const count = countOf(context.value(name));
    if (count === null) return `${name} is no token count`;
    counts[what] = count;
  }
  if (counts.input === undefined && counts.output === undefined) return null;
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0, reasoning = 0 } = counts;
  const cached = cacheRead + cacheWrite;
  const inputTokens = cached > input ? input + cached : input;
  if (!Number.isSafeInteger(inputTokens)) return 'has more tokens than can be counted';
  return {
    inputTokens,
    outputTokens: output,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    reasoningTokens: Math.min(reasoning, output),
  };
}
