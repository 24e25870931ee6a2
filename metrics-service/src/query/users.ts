import type { Expression } from '../catalogue/columns.js';
import { isStorable } from '../contract/values.js';
import type { QuestionContext } from './context.js';
import type { Filter } from './filters.js';
import { InvalidQuery, quoted } from './invalid.js';
import { visibleUsers } from './sql/row-scope.js';
import { Draft, lines } from './sql/statement.js';

/** What a user is shown as: name, else e-mail, else (no row) the id. */
export const SHOWN_NAME: Expression = {
  sql: 'coalesce(u.name, u.email, u.user_id)',
  columns: ['u.name', 'u.email', 'u.user_id'],
};

/** The shown names of these users, by id; a user who is known by id only is missing. */
export async function shownNames(context: QuestionContext, userIds: readonly string[]): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map();
  const draft = new Draft(context.orgId);
  const sql = lines(
    `select u.user_id, ${SHOWN_NAME.sql} as name`,
    `from ${draft.table('users')} u`,
    'where u.org_id = $1',
    `  and u.user_id = any(${draft.bind(userIds, 'text[]')})`,
  );
  const rows = await context.ask(draft.statement(sql));
  return new Map(rows.map((row) => [row.user_id as string, row.name as string]));
}

/** Filters on `user` with ids for names: a value that is no user's id may be the shown name of exactly one. */
export async function withUserIds(context: QuestionContext, filters: readonly Filter[]): Promise<readonly Filter[]> {
  const given = filters.flatMap((filter) => (filter.dimension.name === 'user' ? filter.values : [])).filter(isStorable);
  if (given.length === 0) return filters;
  const { scope } = context;
  if ('userIds' in scope && given.every((value) => scope.userIds.includes(value))) return filters;
  const draft = new Draft(context.orgId);
  const list = draft.bind(given, 'text[]');
  const sql = lines(
    `select u.user_id, ${SHOWN_NAME.sql} as name`,
    `from ${draft.table(visibleUsers(scope))} u`,
    'where u.org_id = $1',
    `  and (u.user_id = any(${list}) or coalesce(u.name, u.email) = any(${list}))`,
  );
  const rows = await context.ask(draft.statement(sql));
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
