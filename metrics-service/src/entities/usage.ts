import type { EventData } from '../contract/events.js';
import type { Json } from '../contract/json.js';

/** A run's reported usage as stored; a list without models reports nothing. */
export function runUsage({ usage }: Pick<EventData<'run.completed'>, 'usage'>): Json {
  if (!usage || usage.length === 0) return null;
  return usage.map((part) => ({
    model: part.model,
    inputTokens: part.inputTokens,
    outputTokens: part.outputTokens,
    cacheReadTokens: part.cacheReadTokens ?? 0,
    cacheWriteTokens: part.cacheWriteTokens ?? 0,
    cacheWrite1hTokens: part.cacheWrite1hTokens ?? 0,
  }));
}
