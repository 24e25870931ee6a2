import { EVENT_TYPES, eventTypes } from '../contract/events.js';
import { holdsOf } from '../contract/holds.js';
import { withoutNames } from '../contract/file-path.js';
import type { Json } from '../contract/json.js';
import { membersOf } from '../contract/shape.js';
import { isStorable, MAX_DEPTH, storableText } from '../contract/values.js';

/** The names of members that hold texts of conversations, of any event type: a rejected event may be of any. */
const TEXT_MEMBERS = new Set(
  EVENT_TYPES.flatMap((type) => [...membersOf(eventTypes[type].data)])
    .filter(([, schema]) => holdsOf(schema) === 'text')
    .map(([name]) => name),
);

/** The member with files and their paths. */
const FILES = 'files';

/** Whether a parsed JSON value nests at most MAX_DEPTH deep. */
export function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === MAX_DEPTH) return false;
  // the items of a list, too; JSON has no members that are inherited
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === 'object' && !isShallow(member, depth + 1)) return false;
  }
  return true;
}

/**
 * The value as jsonb can hold it: NUL and lone surrogates as U+FFFD, a number too large for JavaScript as null. Where they
 * are to be left out, members with the names of conversation texts are missing, and paths of files are shortened, at every
 * depth, so that none reach the disk of an organization that does not store them. A value that needs no change is returned
 * as it is.
 */
export function storableJson(value: unknown, without: Without): Json {
  return isStorableAsItIs(value, without) ? (value as Json) : storableCopy(value, without);
}

/** What an organization does not store. */
export interface Without {
  readonly texts: boolean;
  readonly paths: boolean;
}

export const WITHOUT_ALL: Without = { texts: true, paths: true };

/** The files of a tool call with shortened paths. */
export function withoutPaths(files: readonly unknown[]): unknown[] {
  return files.map((file) => {
    const { path, ...known } = (typeof file === 'object' && file !== null ? file : {}) as Record<string, unknown>;
    return typeof path === 'string' ? { path: withoutNames(path), ...known } : known;
  });
}

function isStorableAsItIs(value: unknown, without: Without): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return isJsonbScalar(value);
  if (Array.isArray(value)) return value.every((item) => isStorableAsItIs(item, without));
  for (const key in value) {
    if ((without.texts && TEXT_MEMBERS.has(key)) || (without.paths && key === FILES) || !isStorable(key)) return false;
    if (!isStorableAsItIs((value as Record<string, unknown>)[key], without)) return false;
  }
  return true;
}

function isJsonbScalar(value: unknown): boolean {
  return typeof value === 'number' ? Number.isFinite(value) && !Object.is(value, -0) : value !== undefined;
}

function storableCopy(value: unknown, without: Without): Json {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map((item) => storableCopy(item, without));
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(([key]) => !(without.texts && TEXT_MEMBERS.has(key)));
    // fromEntries defines members, where assigning one called __proto__ would not
    return Object.fromEntries(
      kept.map(([key, member]) => {
        const isShortened = without.paths && key === FILES && Array.isArray(member);
        return [storableText(key), storableCopy(isShortened ? withoutPaths(member as unknown[]) : member, without)];
      }),
    );
  }
  if (isJsonbScalar(value)) return value as Json;
  // undefined is not JSON; -0 comes back from jsonb as 0, and 1e400, which JSON.parse reads as Infinity, as null
  return Object.is(value, -0) ? 0 : null;
}
