import { findDimension, findMetric, KINDS } from '../catalogue/index.js';
import { NONE } from '../contract/query.js';
import type { Field, Frame, Meta, Notice } from '../contract/frames.js';
import type { Made } from '../query/made.js';
import { changeKindOf, changeOf, type ChangeKind } from '../query/change.js';
import { printable, type Kind } from '../format/values.js';

export interface ShownColumn {
  readonly name: string;
  readonly title: string;
  readonly kind: Kind;
  /** the metrics that were asked for, the groups they belong to, and other columns */
  readonly role: 'group' | 'metric' | 'other';
  /** the column that says in which rows it is an estimate */
  readonly estimatedBy?: string;
}

export type ShownRow = Readonly<Record<string, unknown>>;

/** The frames of any view as one list of plain rows. */
export interface RowSet {
  readonly shape: 'total' | 'series' | 'list' | 'contrast';
  readonly columns: readonly ShownColumn[];
  readonly rows: readonly ShownRow[];
}

/** The content of `meta.custom` in a query's first frame. */
export interface AnswerMeta {
  readonly asOf: number;
  readonly window: { from: number; to: number };
  readonly interval: string | null;
  readonly timezone: string;
  /** the earlier window; cut off: it begins before the first event that is kept, and no change is told */
  readonly compared?: {
    readonly from: number;
    readonly to: number;
    readonly words: string;
    readonly isCutOff: boolean;
  };
  /** what it was made of, where that was asked */
  readonly engine?: Made;
}

/** The notices and the window of an answer, from its first frame. */
export function metaOf(frames: readonly Frame[]): { answered: AnswerMeta; notices: readonly Notice[] } {
  const { custom, notices = [] }: Meta = frames[0]!.schema.meta;
  return { answered: custom as unknown as AnswerMeta, notices };
}

/**
 * A row per group (total, table), per group and point in time (series), or per entity (lists). Labels become columns;
 * a label `(none)` is null, as in a table's cell. `compare` adds `<metric>_previous` and `<metric>_change`, `intervals`
 * `<metric>_low`, `<metric>_high` and `<metric>_cases`.
 */
export function rowsOf(frames: readonly Frame[]): RowSet {
  const [first] = frames;
  const type = first?.schema.meta.type;
  if (type === 'timeseries-multi' && first?.schema.meta.custom?.total !== undefined) return cardRows(frames);
  if (type === 'timeseries-multi') return seriesRows(frames);
  if (type === 'numeric-wide' || type === 'timeseries-wide') return totalRows(first!, type === 'timeseries-wide');
  const { contrast, cases } = first!.schema.meta.custom ?? {};
  const found = listRows(first!);
  if (contrast !== undefined) return { ...found, shape: 'contrast' };
  return cases === undefined ? found : withCases(found, cases as Readonly<Record<string, readonly unknown[]>>);
}

function listRows({ schema: { fields }, data }: Frame): RowSet {
  const rows = Array.from({ length: data.values[0]?.length ?? 0 }, (_, index) =>
    Object.fromEntries(fields.map(({ name }, column) => [name, data.values[column]![index] ?? null])),
  );
  const columns = fields.map((field): ShownColumn => {
    const mark = fields.find(({ config }) => config?.custom?.estimates === field.name);
    const column = columnOf(field, field.config?.displayNameFromDS);
    return mark ? { ...column, estimatedBy: mark.name } : column;
  });
  return { shape: 'list', columns, rows };
}

/** With a column `<metric>_cases` after each interval: how many cases the share is of. */
function withCases({ shape, columns, rows }: RowSet, cases: Readonly<Record<string, readonly unknown[]>>): RowSet {
  return {
    shape,
    columns: columns.flatMap((column) => {
      const metric = column.name.replace(/_high$/, '');
      if (metric === column.name || !Object.hasOwn(cases, metric)) return [column];
      const title = columns.find(({ name }) => name === metric)!.title;
      return [column, { name: `${metric}_cases`, title: `${title} (cases)`, kind: 'count', role: 'other' } as const];
    }),
    rows: rows.map((row, index) => ({
      ...row,
      ...Object.fromEntries(
        Object.entries(cases).map(([metric, counts]) => [`${metric}_cases`, counts[index] ?? null]),
      ),
    })),
  };
}

/** One number field per group and metric; if compared, its two points are the previous window and this one. */
function totalRows({ schema: { fields, meta }, data }: Frame, compared: boolean): RowSet {
  const { isCutOff = false } = (meta.custom as Partial<AnswerMeta> | undefined)?.compared ?? {};
  const groups = new GroupRows();
  const columns = new Map<string, ShownColumn>();
  fields.forEach((field, index) => {
    if (field.type === 'time') return;
    const values = data.values[index] as (number | null)[];
    const [previous, now] = compared ? [values[0] ?? null, values[1] ?? null] : [null, values[0] ?? null];
    const row = groups.row(field.labels, '');
    const column = columnOf(field);
    columns.set(field.name, column);
    row[field.name] = now;
    if (!compared) return;
    const [before, change] = comparedColumns(column);
    for (const one of [before, change]) columns.set(one.name, one);
    row[before.name] = previous;
    row[change.name] = isCutOff ? null : changeOf(previous, now, kindOfChange(field.name));
  });
  return { shape: 'total', columns: [...labelColumns(fields), ...columns.values()], rows: groups.rows };
}

function comparedColumns(column: ShownColumn): [previous: ShownColumn, change: ShownColumn] {
  const [previous, change] = [`${column.name}_previous`, `${column.name}_change`];
  return [
    { ...column, name: previous, title: `${column.title} (previous)`, role: 'other' },
    { name: change, title: `${column.title} (change)`, kind: CHANGES[kindOfChange(column.name)], role: 'other' },
  ];
}

const CHANGES = { points: 'points', difference: 'count', relative: 'change' } as const;

function kindOfChange(metric: string): ChangeKind {
  const found = findMetric(metric);
  return found ? changeKindOf(found) : 'relative';
}

/** One frame per metric: the number of the whole window, what it is compared with, and its points. */
function cardRows(frames: readonly Frame[]): RowSet {
  const columns: ShownColumn[] = [];
  const row: Record<string, unknown> = {};
  for (const { schema, data } of frames) {
    const field = schema.fields[1]!;
    const { total, previous, change } = schema.meta.custom as Record<string, unknown>;
    const column = columnOf(field);
    const compared = previous === undefined ? [] : comparedColumns(column);
    const trend = {
      name: `${field.name}_trend`,
      title: `${column.title} (trend)`,
      kind: 'trend',
      role: 'other',
    } as const;
    for (const shown of [column, ...compared, trend]) columns.push(shown);
    row[field.name] = total;
    row[trend.name] = data.values[1];
    compared.forEach(({ name }, index) => (row[name] = [previous, change][index]));
  }
  return { shape: 'total', columns, rows: [row] };
}

/** One frame per group and metric: a group's metrics are joined into one row per point in time. */
function seriesRows(frames: readonly Frame[]): RowSet {
  const groups = new GroupRows();
  const columns = new Map<string, ShownColumn>();
  for (const { schema, data } of frames) {
    const [, field] = schema.fields;
    if (!field) continue;
    columns.set(field.name, columnOf(field));
    (data.values[0] as number[]).forEach((time, index) => {
      const row = groups.row(field.labels, time);
      row.time = time;
      row[field.name] = data.values[1]![index] ?? null;
      if (schema.fields[2]) row.until = data.values[2]![index];
    });
  }
  const time: ShownColumn = { name: 'time', title: 'Time', kind: 'time', role: 'other' };
  const fields = frames.flatMap(({ schema }) => schema.fields);
  const until: ShownColumn = { name: 'until', title: 'Until', kind: 'time', role: 'other' };
  const ends = frames.some(({ schema }) => schema.fields[2]) ? [until] : [];
  return { shape: 'series', columns: [time, ...ends, ...labelColumns(fields), ...columns.values()], rows: groups.rows };
}

/** Rows by their labels, in the order in which they were added. */
class GroupRows {
  readonly rows: Record<string, unknown>[] = [];
  readonly #byKey = new Map<string, Record<string, unknown>>();

  row(labels: Field['labels'], point: number | ''): Record<string, unknown> {
    const key = JSON.stringify([point, labels ?? {}]);
    let row = this.#byKey.get(key);
    if (!row) {
      const values = Object.entries(labels ?? {}).map(([name, value]) => [name, value === NONE ? null : value]);
      row = Object.fromEntries(point === '' ? values : [['time', point], ...values]) as Record<string, unknown>;
      this.#byKey.set(key, row);
      this.rows.push(row);
    }
    return row;
  }
}

function labelColumns(fields: readonly Field[]): ShownColumn[] {
  const names = Object.keys(fields.find(({ labels }) => labels)?.labels ?? {});
  return names.map((name) => ({ name, title: groupTitle(name), kind: 'text', role: 'group' }));
}

function groupTitle(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function columnOf(field: Field, title = findMetric(field.name)?.title ?? groupTitle(field.name)): ShownColumn {
  const isGroup = findDimension(field.name.replace(/_id$/, '')) !== undefined;
  const isMetric = !isGroup && field.type === 'number' && !/_(previous|change|low|high|cases)$/.test(field.name);
  return {
    name: field.name,
    title: printable(title),
    kind: kindOf(field),
    role: isGroup ? 'group' : isMetric ? 'metric' : 'other',
  };
}

/** Derived from the frame alone, so that metrics of a newer service are shown properly, too. */
function kindOf({ name, type, config }: Field): Kind {
  if (type === 'time') return 'time';
  if (type === 'boolean') return 'flag';
  if (type === 'other' && name.endsWith('_trend')) return 'trend';
  if (type !== 'number') return 'text';
  if (name.endsWith('_change'))
    return config?.unit === 'suffix: pp' ? 'points' : config?.unit === 'short' ? 'count' : 'change';
  return KINDS[config?.unit ?? ''] ?? 'count';
}
