import { isObject, type JsonObject } from '../json-lines.js';
import { nameOf } from '../names.js';
import { type CallTerms, type CallUsage, hasCounts, readTerms, readUsage } from './usage.js';

const NONE: OtherRequest[] = [];

/** A request to another model that a call's usage tells of. */
export interface OtherRequest {
  /** its place among the iterations */
  place: number;
  model: string;
  usage: CallUsage;
  terms: CallTerms;
}

/** What a call's usage says: what its own model was billed for, and requests to others. */
export interface Billed {
  usage: CallUsage | string;
  terms: CallTerms;
  model: string;
  others: OtherRequest[];
}

/**
 * Reads `message.usage` with its iterations. The totals leave out an advisor's requests and, where a request was
 * refused and a fallback model answered, the refused one, which is billed if it had any output:
 * https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback
 */
export function readBilled(usage: JsonObject, model: string): Billed {
  const iterations = Array.isArray(usage.iterations) ? (usage.iterations as unknown[]) : [];
  const parts = iterations.map((value) => (isObject(value) ? value : {}));
  // nearly all of them
  if (parts.every(({ type }) => type === 'message')) {
    return { usage: readUsage(usage, parts), terms: readTerms(usage), model, others: NONE };
  }
  const fallback = parts.findLastIndex(({ type }) => type === 'fallback_message');
  const served = fallback < 0 ? model : (nameOf(parts[fallback]!.model) ?? model);
  const own: JsonObject[] = [];
  const others: OtherRequest[] = [];
  for (const [place, part] of parts.entries()) {
    const said = nameOf(part.model);
    const refused = place < fallback && part.type === 'message' && said !== served;
    if (part.type === 'advisor_message' || refused) {
      const counts = readUsage(part);
      if (typeof counts === 'string' || !hasCounts(counts) || (refused && counts.outputTokens === 0)) continue;
      others.push({ place, model: said ?? (refused ? model : 'unknown'), usage: counts, terms: readTerms(part) });
    } else if (part.type !== 'compaction') own.push(part);
  }
  const counts = readUsage(usage, own);
  const sum = fallback < 0 ? null : sumOf(own);
  return { usage: sum ?? counts, terms: readTerms(usage), model: served, others };
}

/** What the model that answered was billed for, all its iterations together; null: they have no counts. */
function sumOf(parts: JsonObject[]): CallUsage | null {
  const sum: CallUsage = {
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
  };
  for (const part of parts) {
    const counts = readUsage(part);
    if (typeof counts === 'string') return null;
    for (const key of Object.keys(sum) as (keyof CallUsage)[]) sum[key] += counts[key];
  }
  return hasCounts(sum) ? sum : null;
}
