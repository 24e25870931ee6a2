import type { Expression } from '../catalogue/columns.js';
import { isStorable } from '../contract/values.js';
import type { QuestionContext } from './context.js';
import type { Filter } from './filters.js';
import { InvalidQuery, quoted } from './invalid.js';
import { visibleUsers } from './sql/row-scope.js';
import { Draft, lines } from './sql/statement.js';

/** A user's shown name: name, else e-mail, else (no row) the id. */
export const SHOWN_NAME: Expression = {
  sql: 'coalesce(u.name, u.email, u.user_id)',
  columns: ['u.name', 'u.email', 'u.user_id'],
};

/** The shown names of these users, by id; users known only by id are missing. */
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

/**
 * Filters on `user`, with each id replaced by its person, and names looked up: a value that is no known id may be the
 * shown name of exactly one person.
 */
export async function withPersons(context: QuestionContext, filters: readonly Filter[]): Promise<readonly Filter[]> {
  const given = filters.flatMap((filter) => (filter.dimension.name === 'user' ? filter.values : [])).filter(isStorable);
  if (given.length === 0) return filters;
  const [known, others] = await Promise.all([usersCalled(context, given), personsOfIds(context, given)]);
  const ids = new Set(known.map(({ id }) => id));
  const personsOf = (value: string): string[] => {
    const person = others.get(value);
    if (person !== undefined) return [person];
    if (ids.has(value)) return [value];
    const named = known.filter(({ name }) => name === value).map(({ id }) => id);
    if (named.length > 1) {
      const list = named.sort().slice(0, 10).join(', ');
      throw new InvalidQuery(`filter user: ${named.length} users are called ${quoted(value)}: use their ids (${list})`);
    }
    // keep the value itself, too: a run may name a user of whom nothing else is known
    return [value, ...named];
  };
  return filters.map((filter) =>
    filter.dimension.name === 'user' ? { ...filter, values: filter.values.flatMap(personsOf) } : filter,
  );
}

/** The persons who have one of these as id or shown name. */
async function usersCalled(
  { orgId, scope, ask }: QuestionContext,
  given: readonly string[],
): Promise<{ id: string; name: string }[]> {
  const draft = new Draft(orgId);
  const list = draft.bind(given, 'text[]');
  const sql = lines(
    `select u.user_id as id, ${SHOWN_NAME.sql} as name`,
    `from ${draft.table(visibleUsers(scope))} u`,
    `left join ${draft.table('persons')} pe on pe.org_id = $1 and pe.user_id = u.user_id`,
    'where u.org_id = $1',
    '  and pe.person_id is null',
    `  and (u.user_id = any(${list}) or coalesce(u.name, u.email) = any(${list}))`,
  );
  return (await ask(draft.statement(sql))) as { id: string; name: string }[];
}

/** The person of each of these ids that belong to a person with another id. */
async function personsOfIds({ orgId, ask }: QuestionContext, given: readonly string[]): Promise<Map<string, string>> {
  const draft = new Draft(orgId);
  const sql = lines(
    'select pe.user_id as id, pe.person_id as person',
    `from ${draft.table('persons')} pe`,
    'where pe.org_id = $1',
    `  and pe.user_id = any(${draft.bind(given, 'text[]')})`,
  );
  const rows = (await ask(draft.statement(sql))) as { id: string; person: string }[];
  return new Map(rows.map(({ id, person }) => [id, person]));
}

/** Those of these persons that are services. */
export async function servicesAmong(context: QuestionContext, userIds: readonly string[]): Promise<Set<string>> {
  const draft = new Draft(context.orgId);
  const sql = lines(
    'select u.user_id',
    `from ${draft.table('users')} u`,
    'where u.org_id = $1',
    `  and u.user_id = any(${draft.bind(userIds, 'text[]')})`,
    "  and u.kind = 'service'",
  );
  const rows = await context.ask(draft.statement(sql));
  return new Set(rows.map((row) => row.user_id as string));
}
