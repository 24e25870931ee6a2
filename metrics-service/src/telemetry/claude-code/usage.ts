import { termOf } from '../../importers/terms.js';
import { countOf, numberOf } from '../values.js';
import type { Context } from './context.js';

/** The tokens of a request: Claude Code counts cached ones apart. A text says which count is none. */
export function usageOf(context: Context): Record<string, number> | string {
  const counts: Record<string, number> = {};
  for (const name of ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_creation_tokens']) {
    const value = context.value(name) ?? (name.startsWith('cache') ? 0 : null);
    const count = countOf(value);
    if (count === null) return value === null ? `has no ${name}` : `${name} is no token count`;
    counts[name] = count;
  }
  const [fresh, outputTokens] = [counts.input_tokens!, counts.output_tokens!];
  const [cacheReadTokens, cacheWriteTokens] = [counts.cache_read_tokens!, counts.cache_creation_tokens!];
  const inputTokens = fresh + cacheReadTokens + cacheWriteTokens;
  if (!Number.isSafeInteger(inputTokens)) return 'has more tokens than can be counted';
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
}

/** What the agent itself says that a request cost, in US dollars; null if it says nothing that can be. */
export function costUsdOf(context: Context): string | null {
  const micros = countOf(context.value('cost_usd_micros'));
  const dollars = micros === null ? numberOf(context.value('cost_usd')) : null;
  if (micros !== null)
    return micros <= 1e12 ? `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}` : null;
  return dollars !== null && dollars >= 0 && dollars <= 1_000_000 ? dollars.toFixed(12).replace(/\.?0+$/, '') : null;
}

export function speedOf(context: Context): string | undefined {
  return termOf(context.text('speed'));
}
