import { isObject, type JsonObject } from '../json-lines.js';
import { termOf } from '../terms.js';

/** `usage` of an `llm_call.recorded`; `inputTokens` includes the cached ones. */
export interface CallUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  cacheWrite1hTokens: number;
}

/**
 * Maps `message.usage` to a call's usage (transcripts.md), or says in words which count cannot be one. `iterations`
 * are those that it is the sum of.
 */
export function readUsage(usage: JsonObject, iterations: JsonObject[] = []): CallUsage | string {
  const written = writtenOf(usage);
  const counts = {
    input_tokens: countOf(usage.input_tokens),
    output_tokens: countOf(usage.output_tokens),
    cache_read_input_tokens: countOf(usage.cache_read_input_tokens),
    cache_creation_input_tokens: countOf(usage.cache_creation_input_tokens),
    ephemeral_5m_input_tokens: countOf(written.ephemeral_5m_input_tokens),
    ephemeral_1h_input_tokens: countOf(written.ephemeral_1h_input_tokens),
  };
  for (const name in counts) {
    if (counts[name as keyof typeof counts] === null) return `usage.${name} is not a token count`;
  }
  const known = counts as Record<keyof typeof counts, number>;
  const cacheWriteTokens =
    usage.cache_creation_input_tokens === undefined || usage.cache_creation_input_tokens === null
      ? known.ephemeral_5m_input_tokens + known.ephemeral_1h_input_tokens
      : known.cache_creation_input_tokens;
  const inputTokens = known.input_tokens + known.cache_read_input_tokens + cacheWriteTokens;
  if (!Number.isSafeInteger(inputTokens)) return 'usage adds up to more tokens than can be counted';
  return {
    inputTokens,
    outputTokens: known.output_tokens,
    cacheReadTokens: known.cache_read_input_tokens,
    cacheWriteTokens,
    cacheWrite1hTokens: Math.min(written1h(cacheWriteTokens, usage, iterations), cacheWriteTokens),
  };
}

/** Whether a usage knows anything: the last line of a call may be one of zeros. */
export function hasCounts({ inputTokens, outputTokens }: CallUsage): boolean {
  return inputTokens > 0 || outputTokens > 0;
}

function writtenOf(usage: JsonObject): JsonObject {
  return isObject(usage.cache_creation) ? usage.cache_creation : {};
}

/** How much was written for an hour. Where the parts do not fit their sum, they may be those of one iteration alone. */
function written1h(sum: number, usage: JsonObject, iterations: JsonObject[]): number {
  const said = partsOf(usage);
  if (said.all === sum || iterations.length === 0) return said.hour;
  const parts = iterations.map(partsOf);
  const together = { hour: 0, all: 0 };
  for (const { hour, all } of parts) Object.assign(together, { hour: together.hour + hour, all: together.all + all });
  return [...parts, together].find(({ all }) => all === sum)?.hour ?? said.hour;
}

function partsOf(usage: JsonObject): { hour: number; all: number } {
  const { ephemeral_1h_input_tokens: hour, ephemeral_5m_input_tokens: minutes } = writtenOf(usage);
  return { hour: countOf(hour) ?? 0, all: (countOf(hour) ?? 0) + (countOf(minutes) ?? 0) };
}

/** What a call's price depends on, in addition to its tokens; values that mean the standard are left out. */
export interface CallTerms {
  tier: string | undefined;
  speed: string | undefined;
  region: string | undefined;
  webSearches: number | undefined;
}

/** Reads them from `message.usage`. */
export function readTerms(usage: JsonObject): CallTerms {
  const tools = isObject(usage.server_tool_use) ? usage.server_tool_use : {};
  return {
    tier: termOf(usage.service_tier),
    speed: termOf(usage.speed),
    region: termOf(usage.inference_geo),
    webSearches: countOf(tools.web_search_requests) || undefined,
  };
}

/** Missing is 0; a count may be written as text; null if it is not a count. */
function countOf(value: unknown): number | null {
  if (value === undefined || value === null) return 0;
  const count = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/** A reported cost in US dollars; null if it is missing or invalid. */
export function readCostUsd(value: unknown): number | string | null {
  if (typeof value === 'string' && !/^\d{1,7}(\.\d{1,30})?$/.test(value)) return null;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const dollars = Number(value);
  return dollars >= 0 && dollars <= 1_000_000 ? value : null;
}
