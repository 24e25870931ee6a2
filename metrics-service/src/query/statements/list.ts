import type { Direction } from '../plan.js';

/** A column of a list of sessions, runs or handoffs. */
export interface ListColumn {
  readonly name: string;
  readonly type: 'text' | 'time' | 'number' | 'flag';
  /** where it is neither a metric nor a dimension of the catalogue */
  readonly title?: string;
  readonly unit?: string;
}

/** The part of a list that is asked for: `limit` rows from `offset` on. */
export interface ListPage<Of extends ListColumn> {
  readonly order: Of;
  readonly direction: Direction;
  readonly limit: number;
  readonly offset: number;
}

/** A column of a list with what it is in SQL; times are instants there, and milliseconds in the answer. */
export interface SelectedColumn extends ListColumn {
  readonly sql: string;
  /** every row of the list has it */
  readonly isSet?: true;
}

export type Page = ListPage<SelectedColumn>;

const TYPES = { text: '', flag: '', number: '::float8', time: '::float8' } as const;

/** An instant in epoch milliseconds. */
export function milliseconds(sql: string): string {
  return `(extract(epoch from ${sql}) * 1000)::float8`;
}

/** The column in a select list, as the answer wants it. */
export function selected({ name, type, sql }: SelectedColumn): string {
  return type === 'time' ? `${milliseconds(sql)} as "${name}"` : `${castable(sql, type)}${TYPES[type]} as "${name}"`;
}

function castable(sql: string, type: ListColumn['type']): string {
  return TYPES[type] === '' || /^[\w.]+$/.test(sql) ? sql : `(${sql})`;
}

/**
 * By the column itself, not by what it is converted to, and with a word about nulls only where there are any: an index
 * can give that order. Ties: `by`.
 */
export function orderBy({ order, direction }: Page, by: string): string {
  return `order by ${order.sql} ${direction}${order.isSet ? '' : ' nulls last'}, ${by}`;
}
