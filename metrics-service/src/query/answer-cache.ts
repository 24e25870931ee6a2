import { LRUCache } from 'lru-cache';
import type { Result } from '../contract/frames.js';

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_KEY_CHARACTERS = 10_000;
/** A few large answers should not push out all others. */
const MOST_OF_ONE = 1024 * 1024;

/**
 * Answers that hold as long as nothing changes: under all that they depend on, the version of the organization's data
 * included, so that they never have to be taken back. Those that nobody asks for make room.
 */
export class AnswerCache {
  readonly #results = new LRUCache<string, Result>({ maxSize: MOST_BYTES, maxEntrySize: MOST_OF_ONE });

  /** The answer as of `now` (epoch ms), if it is known. */
  find(key: string, now: number): Result | undefined {
    const result = this.#results.get(key);
    return result && asOf(result, now);
  }

  keep(key: string, result: Result): void {
    if (key.length > MOST_KEY_CHARACTERS) return;
    this.#results.set(key, result, { size: 2 * (key.length + JSON.stringify(result).length) });
  }
}

/** The same answer, which says when it was asked for. */
function asOf(result: Result, now: number): Result {
  if (result.status !== 200) return result;
  const [first, ...others] = result.frames;
  const meta = first?.schema.meta;
  if (!first || !meta) return result;
  const schema = { ...first.schema, meta: { ...meta, custom: { ...meta.custom, asOf: now } } };
  return { ...result, frames: [{ ...first, schema }, ...others] };
}
