import { isStorable } from '../contract/values.js';
import { run, type Context } from './evaluate.js';
import { InvalidQuery, quoted } from './invalid.js';
import type { Filter } from './plan.js';
import { seenUsers } from './narrowed.js';

/** What a user is shown as: name, else e-mail, else (no row) the id. */
export const SHOWN_NAME = 'coalesce(u.name, u.email, u.user_id)';

/** The shown names of these users, by id; a user who is known by id only is missing. */
export async function shownNames(context: Context, userIds: readonly string[]): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map();
  const sql = `select u.user_id, ${SHOWN_NAME} as name
from users u
where u.org_id = $1
  and u.user_id = any($2::text[])`;
  const rows = await run(context, { sql, values: [context.tx.orgId, userIds] });
  return new Map(rows.map((row) => [row.user_id as string, row.name as string]));
}

/** Filters on `user` with ids for names: a value that is no user's id may be the shown name of exactly one. */
export async function withUserIds(context: Context, filters: readonly Filter[]): Promise<readonly Filter[]> {
  const given = filters.flatMap((filter) => (filter.dimension.name === 'user' ? filter.values : [])).filter(isStorable);
  if (given.length === 0) return filters;
  const { scope } = context;
  if ('userIds' in scope && given.every((value) => scope.userIds.includes(value))) return filters;
  const sql = `select u.user_id, ${SHOWN_NAME} as name
from ${seenUsers(scope)} u
where u.org_id = $1
  and (u.user_id = any($2::text[]) or coalesce(u.name, u.email) = any($2::text[]))`;
  const rows = await run(context, { sql, values: [context.tx.orgId, given] });
  const ids = new Set(rows.map((row) => row.user_id));
  const idsOf = (value: string): string[] => {
    if (ids.has(value)) return [value];
    const named = rows.filter((row) => row.name === value).map((row) => row.user_id as string);
    if (named.length > 1) {
      const list = named.sort().slice(0, 10).join(', ');
      throw new InvalidQuery(`filter user: ${named.length} users are called ${quoted(value)}: use their ids (${list})`);
    }
    // also itself: a run may name a user of whom nothing else is known
    return [value, ...named];
  };
  return filters.map((filter) =>
    filter.dimension.name === 'user' ? { ...filter, values: filter.values.flatMap(idsOf) } : filter,
  );
}
