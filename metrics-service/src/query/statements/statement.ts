import { isStorable } from '../../contract/values.js';
import type { Column } from '../../catalogue/dimensions.js';
import type { Window } from '../buckets.js';
import type { Filter } from '../plan.js';

/** One statement, whole: `$1` is always the organization, and every value is bound. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Collects a statement's values; each call answers with the placeholder, cast to its type. */
export class Bindings {
  readonly values: unknown[];

  constructor(orgId: string) {
    this.values = [orgId];
  }

  bind(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  /** An instant in epoch milliseconds. */
  instant(ms: number): string {
    return this.bind(new Date(ms).toISOString(), 'timestamptz');
  }

  instants(ms: readonly number[]): string {
    return this.bind(
      ms.map((instant) => new Date(instant).toISOString()),
      'timestamptz[]',
    );
  }
}

/** That the column's instant lies in the window. */
export function within(column: string, window: Window, bindings: Bindings): string[] {
  return [`${column} >= ${bindings.instant(window.from)}`, `${column} < ${bindings.instant(window.to)}`];
}

/** That neither the row nor its session was deleted. */
export function kept(alias: 'r' | 'm' | 'h'): string {
  return `not ${alias}.hidden`;
}

/** That a filter lets the row pass. Text that PostgreSQL cannot hold stands in no row. */
export function passes(filter: Filter, column: string, bindings: Bindings): string {
  const values = filter.values.filter(isStorable);
  const list = bindings.bind(values, 'text[]');
  if (filter.negated) {
    return filter.none
      ? `(${column} is not null and ${column} <> all(${list}))`
      : `(${column} is null or ${column} <> all(${list}))`;
  }
  return filter.none ? `(${column} is null or ${column} = any(${list}))` : `${column} = any(${list})`;
}

/** The joins that these columns need. From `a`, `u` is the session's creator. */
export function joins(columns: readonly string[], from: 'r' | 'a'): string[] {
  const uses = (alias: string): boolean => columns.some((column) => column.startsWith(`${alias}.`));
  const user = from === 'r' ? 'r.user_id' : 's.created_by_user_id';
  const result: string[] = [];
  if (uses('s') || (uses('u') && from === 'a')) {
    result.push(`left join sessions s on s.org_id = $1 and s.session_id = ${from}.session_id`);
  }
  if (uses('u')) result.push(`left join users u on u.org_id = $1 and u.user_id = ${user}`);
  return result;
}

/** The column of a dimension for run metrics, or for session metrics. Planning has made sure that there is one. */
export function columnOf(dimension: Filter['dimension'], of: 'run' | 'session'): Column {
  const column = dimension[of];
  if (!column) throw new Error(`dimension ${dimension.name} has no column for ${of} metrics`);
  return column;
}

/** `where`, `from` …: a clause with its items a line each. */
export function clause(keyword: string, items: readonly string[], separator: string): string {
  return items.length === 0 ? '' : `${keyword} ${items.join(`${separator}`)}`;
}

/** The clauses that are there, a line each. */
export function lines(...clauses: readonly (string | readonly string[])[]): string {
  return clauses
    .flat()
    .filter((text) => text !== '')
    .join('\n');
}
