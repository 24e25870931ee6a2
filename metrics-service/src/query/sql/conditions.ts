import { aliasOf, type Column, type Expression } from '../../catalogue/columns.js';
import { isStorable } from '../../contract/values.js';
import type { Window } from '../buckets.js';
import type { Filter } from '../filters.js';
import type { Draft } from './statement.js';

/** That the column's instant lies in the window. */
export function within(column: string, window: Window, draft: Draft): string[] {
  return [`${column} >= ${draft.instant(window.from)}`, `${column} < ${draft.instant(window.to)}`];
}

/** That neither the row nor its session was deleted. */
export function notHidden(alias: 'r' | 'm' | 'h'): string {
  return `not ${alias}.hidden`;
}

/** That a filter lets the row pass. Text that PostgreSQL cannot hold stands in no row. */
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

/** The joins that these columns need. From `a`, `u` is the session's creator. */
export function joins(columns: readonly Column[], from: 'r' | 'a', draft: Draft): string[] {
  const aliases = new Set(columns.map(aliasOf));
  const user = from === 'r' ? 'r.user_id' : 's.created_by_user_id';
  const result: string[] = [];
  if (aliases.has('s') || (aliases.has('u') && from === 'a')) {
    result.push(`left join ${draft.table('sessions')} s on s.org_id = $1 and s.session_id = ${from}.session_id`);
  }
  if (aliases.has('u')) result.push(`left join ${draft.table('users')} u on u.org_id = $1 and u.user_id = ${user}`);
  return result;
}

/** Where a dimension stands for run metrics, or for session metrics. Planning has made sure that it does. */
export function expressionOf(dimension: Filter['dimension'], of: 'run' | 'session'): Expression {
  const expression = dimension[of];
  if (!expression) throw new Error(`dimension ${dimension.name} has no column for ${of} metrics`);
  return expression;
}
