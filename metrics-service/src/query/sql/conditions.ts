import { aliasOf, WORK_ITEM, type Column, type Expression } from '../../catalogue/columns.js';
import { isStorable } from '../../contract/values.js';
import type { Window } from '../buckets.js';
import type { Filter } from '../filters.js';
import type { Draft } from './statement.js';

/** Condition: the column's time lies in the window. */
export function within(column: string, window: Window, draft: Draft): string[] {
  return [`${column} >= ${draft.instant(window.from)}`, `${column} < ${draft.instant(window.to)}`];
}

/** Condition: neither the row nor its session was deleted. */
export function notHidden(alias: 'r' | 'm' | 'h'): string {
  return `not ${alias}.hidden`;
}

/** Condition: the row passes the filter. Text that PostgreSQL cannot store is in no row. */
export function filterCondition(filter: Filter, column: string, draft: Draft): string {
  const values = filter.values.filter(isStorable);
  const list = draft.bind(values, 'text[]');
  if (filter.negated) {
    return filter.none
      ? `(${column} is not null and ${column} <> all(${list}))`
      : `(${column} is null or ${column} <> all(${list}))`;
  }
  return filter.none ? `(${column} is null or ${column} = any(${list}))` : `${column} = any(${list})`;
}

/** The joins that these columns need. For `a`, `pe` and `u` are the session's creator. */
export function joins(columns: readonly Column[], from: 'r' | 'a', draft: Draft): string[] {
  const aliases = new Set(columns.map(aliasOf));
  const user = from === 'r' ? 'r.user_id' : 's.created_by_user_id';
  const ofUser = aliases.has('u') || aliases.has('pe');
  const result: string[] = [];
  if (aliases.has('s') || aliases.has('rn') || aliases.has('wi') || (ofUser && from === 'a')) {
    result.push(`left join ${draft.table('sessions')} s on s.org_id = $1 and s.session_id = ${from}.session_id`);
  }
  if (aliases.has('rn')) result.push(joinRepoName(draft));
  if (aliases.has('wi')) {
    result.push(`left join ${draft.table('work_items')} wi on wi.org_id = $1 and wi.work_item_id = ${WORK_ITEM.sql}`);
  }
  if (ofUser) for (const join of joinPerson(user, draft).slice(0, aliases.has('u') ? 2 : 1)) result.push(join);
  return result;
}

/** Joins a session's repository to its new name, `rn`, if it was renamed. */
export function joinRepoName(draft: Draft): string {
  return `left join ${draft.table('repo_aliases')} rn on rn.org_id = $1 and rn.repo = s.repo`;
}

/** Joins a user id to the id of its person, `pe`, if that is another one, and to the person, `u`. */
export function joinPerson(userId: Column | `${string}.user_id`, draft: Draft): [persons: string, users: string] {
  return [
    `left join ${draft.table('persons')} pe on pe.org_id = $1 and pe.user_id = ${userId}`,
    `left join ${draft.table('users')} u on u.org_id = $1 and u.user_id = coalesce(pe.person_id, ${userId})`,
  ];
}

/** A dimension's SQL for run metrics or session metrics. Planning has made sure that there is one. */
export function expressionOf(dimension: Filter['dimension'], of: 'run' | 'session'): Expression {
  const expression = dimension[of];
  if (!expression) throw new Error(`dimension ${dimension.name} has no column for ${of} metrics`);
  return expression;
}
