import type { Column, Expression } from '../../catalogue/columns.js';
import type { Formula } from '../../catalogue/formula.js';
import { findMetric } from '../../catalogue/index.js';
import type { Measure } from '../../catalogue/measure.js';
import { readMeasure } from '../grid.js';
import type { Draft } from '../sql/statement.js';
import type { Direction } from '../rows.js';

/** A column of a list of sessions, runs or handoffs. */
export interface ListColumn {
  readonly name: string;
  readonly type: 'text' | 'time' | 'number' | 'flag';
  /** if it is neither a metric nor a dimension of the catalogue */
  readonly title?: string;
  readonly unit?: string;
  /** a time that goes on by itself: who shows it may count on */
  readonly ticks?: true;
  /** a flag that says which values of that column are estimates: who shows them may mark these */
  readonly estimates?: string;
  /** its value in a row, if it is not the one of its name */
  readonly read?: (row: ListRow) => number | string | boolean | null;
}

/** A column with its SQL; times are timestamps there, and milliseconds in the answer. */
export interface SelectedColumn extends ListColumn, Expression {
  /** never null in the list */
  readonly isSet?: true;
}

/** A column with a metric of the row: the database sends the measures, the metric's formula computes the value. */
export interface MetricColumn extends ListColumn {
  readonly type: 'number';
  readonly formula: Formula;
}

export type RowColumn = SelectedColumn | MetricColumn;

/** The requested part of a list: `limit` rows from `offset` on. */
export interface Page {
  readonly order: RowColumn;
  readonly direction: Direction;
  readonly limit: number;
  readonly offset: number;
  /** only the rows with a greater id */
  readonly after?: string;
}

/** A row as the database sends it. */
export type ListRow = Readonly<Record<string, string | number | boolean | null>>;

/** A column with the metric of that id, for the single row. */
export function metricColumn(id: string): MetricColumn {
  const metric = findMetric(id);
  if (!metric || !('evaluate' in metric.value)) throw new Error(`${id} is no metric that a single row has`);
  return { name: id, type: 'number', formula: metric.value };
}

/** A measure's SQL in one row of the list. */
export type MeasureOf = (measure: Measure) => Expression;

/** An instant in epoch milliseconds. */
export function milliseconds(sql: string): string {
  return `(extract(epoch from ${sql}) * 1000)::float8`;
}

/** What the database returns per row for these columns. */
export function selectItems(columns: readonly RowColumn[], measureOf: MeasureOf): string[] {
  const measures = new Set(columns.flatMap((column) => ('formula' in column ? column.formula.measures : [])));
  return [
    ...columns.flatMap((column) => ('formula' in column ? [] : selected(column))),
    ...[...measures].map((measure) => `${measureOf(measure).sql} as "${keyOf(measure)}"`),
  ];
}

function selected({ name, type, sql }: SelectedColumn): string {
  if (type === 'time') return `${milliseconds(sql)} as "${name}"`;
  return type === 'number' ? `(${sql})::float8 as "${name}"` : `${sql} as "${name}"`;
}

/** The table columns that these list columns are computed from. */
export function columnsRead(columns: readonly RowColumn[], measureOf: MeasureOf): Column[] {
  return columns.flatMap((column) =>
    'formula' in column ? column.formula.measures.flatMap((measure) => measureOf(measure).columns) : column.columns,
  );
}

/** A row's value in a column. */
export function valueIn(column: ListColumn | MetricColumn, row: ListRow): string | number | boolean | null {
  if (!('formula' in column)) return column.read ? column.read(row) : (row[column.name] ?? null);
  const ofOthers = (): never => {
    throw new Error(`${column.name} is made of other rows, too`);
  };
  return column.formula.evaluate({
    value: (measure) => readMeasure(measure, row[keyOf(measure)]),
    across: ofOthers,
    ofRuns: ofOthers,
    windowMs: NaN,
  });
}

/** The name of a measure's value in a row. */
export function keyOf({ base, name }: Measure): string {
  return `${base}.${name}`;
}

/**
 * Orders by the column itself, not its converted value, and mentions nulls only if there can be any, so that an index
 * can provide the order. Ties: `by`.
 */
export function orderBy({ order, direction }: Page, by: string, measureOf: MeasureOf): string {
  const sql = 'formula' in order ? order.formula.order?.((measure) => measureOf(measure).sql) : order.sql;
  if (sql === undefined) throw new Error(`rows cannot be put in order by ${order.name}`);
  return `order by ${sql} ${direction}${'isSet' in order ? '' : ' nulls last'}, ${by}`;
}

/** The condition that leaves out what comes before the page, where that is known by an id. */
export function afterId(id: string, { after }: Pick<Page, 'after'>, draft: Draft): string[] {
  return after ? [`${id} > ${draft.bind(after, 'text')}`] : [];
}

/** SQL for the rows of the page. */
export function limitTo({ limit, offset }: Pick<Page, 'limit' | 'offset'>, draft: Draft): string {
  return `limit ${draft.bind(limit, 'bigint')} offset ${draft.bind(offset, 'bigint')}`;
}
