import { isStorable, storableText } from '../contract/values.js';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Deeper values are rejected: nothing we read nests, and PostgreSQL and JavaScript both recurse. */
export const MAX_DEPTH = 64;

/** Whether a parsed JSON value nests at most MAX_DEPTH deep (walked without recursion). */
export function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return false;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return true;
}

/**
 * The value as jsonb can hold it: NUL and lone surrogates as U+FFFD. With `withoutText`, members named `text`
 * are left out at every depth: an organization that does not store message text has none of it on disk.
 */
export function storableJson(value: unknown, withoutText: boolean): Json {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map((item) => storableJson(item, withoutText));
  if (typeof value === 'object' && value !== null) {
    const copy: { [key: string]: Json } = {};
    for (const [key, member] of Object.entries(value)) {
      if (withoutText && key === 'text') continue;
      const storableKey = isStorable(key) ? key : storableText(key);
      // defined, not assigned: a member may be called __proto__
      Object.defineProperty(copy, storableKey, {
        value: storableJson(member, withoutText),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return copy;
  }
  // -0 comes back from jsonb as 0
  return (Object.is(value, -0) ? 0 : (value ?? null)) as Json;
}
