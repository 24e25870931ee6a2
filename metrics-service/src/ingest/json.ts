import { storableText } from '../contract/values.js';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Deeper values are rejected: nothing we read nests, and PostgreSQL and JavaScript both recurse. */
export const MAX_DEPTH = 64;

/** Whether a parsed JSON value nests at most MAX_DEPTH deep. */
export function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === MAX_DEPTH) return false;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof member === 'object' && !isShallow(member, depth + 1)) return false;
  }
  return true;
}

/**
 * The value as jsonb can hold it: NUL and lone surrogates as U+FFFD. With `withoutText`, members named `text`
 * are left out at every depth: an organization that does not store message text has none of it on disk.
 * What needs no change is answered as it is, not copied.
 */
export function storableJson(value: unknown, withoutText: boolean): Json {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return storableScalar(value);
  if (Array.isArray(value)) {
    const copy = value.map((item) => storableJson(item, withoutText));
    return copy.some((item, index) => item !== value[index]) ? copy : (value as Json);
  }
  const entries = Object.entries(value);
  let changed = false;
  const kept = entries.flatMap(([key, member]): [string, Json][] => {
    const storableKey = storableText(key);
    const storable = storableJson(member, withoutText);
    const dropped = withoutText && key === 'text';
    changed ||= dropped || storableKey !== key || storable !== member;
    return dropped ? [] : [[storableKey, storable]];
  });
  // fromEntries defines members, where assigning one called __proto__ would not
  return changed ? Object.fromEntries(kept) : (value as Json);
}

function storableScalar(value: unknown): Json {
  // -0 comes back from jsonb as 0
  return (Object.is(value, -0) ? 0 : (value ?? null)) as Json;
}
