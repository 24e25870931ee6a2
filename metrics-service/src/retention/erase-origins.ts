import type { Json } from '../contract/json.js';
import type { Transaction } from '../db/database.js';
import { anyWord, WITH_KEY_MATES } from './erasable.js';

/** Shorter words occur in many unrelated texts: they count only if they are the whole text. */
export const SHORT = 3;

export const isLong = ({ length }: string): boolean => length > SHORT;

/** What the log calls an event beside its data. */
export interface Origin {
  readonly source: string;
  /** an object, or null */
  readonly attributes: Json;
}

/**
 * The entities about which something was said by a source, under an id or with attributes that name the person.
 */
export async function entitiesByOrigin(tx: Transaction, words: readonly string[]): Promise<string[]> {
  if (words.length === 0) return [];
  const { rows } = await tx.query<{ entity: string }>(
    `
    with found as (
      select distinct entity
      from events
      where org_id = $1
        and (
          concat_ws(' ', source, id, attributes) ~* $2
          or lower(source) = any($3::text[])
          or lower(id) = any($3::text[])
          or jsonb_path_exists(attributes, 'strict $.* ? (@ == $words[*])', jsonb_build_object('words', $4::text[]))
        )
    )${WITH_KEY_MATES}`,
    [tx.orgId, anyWord(words.filter(isLong)), words.map((word) => word.toLowerCase()), [...words]],
  );
  return rows.map(({ entity }) => entity);
}

/** Replaces the person's words in what an event is called by. Pure. */
export function withoutWords(words: readonly string[], pseudonym: string): (origin: Origin) => Origin {
  const long = words.filter(isLong).toSorted((a, b) => b.length - a.length);
  const escaped = long.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern =
    long.length > 0 ? new RegExp(`(?<![\\p{L}\\p{N}])(${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu') : null;
  const whole = new Set(words.map((word) => word.toLowerCase()));
  const names = (text: string): boolean =>
    whole.has(text.toLowerCase()) || (pattern !== null && text.search(pattern) >= 0);
  return ({ source, attributes }) => {
    const kept = Object.entries(attributes ?? {}).filter(
      ([name, value]) => !names(name) && !names(typeof value === 'string' ? value : JSON.stringify(value)),
    );
    return {
      source: whole.has(source.toLowerCase()) ? pseudonym : pattern ? source.replaceAll(pattern, pseudonym) : source,
      attributes: kept.length > 0 ? Object.fromEntries(kept) : null,
    };
  };
}
