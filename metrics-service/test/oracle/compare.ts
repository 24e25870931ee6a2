import type { Answer, Group } from './answer.js';
import { CONTRAST_COLUMNS } from './contrast.js';
import { SHARES } from './interval.js';
import { SESSION_COLUMNS } from './sessions-list.js';
import { NOT_SHOWN } from './remainder.js';
import { isClockDimension, type ShownCell } from './dimensions.js';
import { type Plain, sameChange, sameIn, valuesDiffer } from './same-values.js';
import type { Query } from './types.js';

/** A result of POST /v1/query, as far as values are concerned. */
export interface ServiceResult {
  status: number;
  error?: string;
  frames?: {
    schema: { meta?: Record<string, unknown>; fields: ServiceField[] };
    data: { values: unknown[][] };
  }[];
}

interface ServiceField {
  name: string;
  type: string;
  labels?: Record<string, string>;
}

/** The first difference between what the service answered and what the oracle says, in words; null if they agree. */
export function firstDifference(query: Query, result: ServiceResult | undefined, oracle: Answer): string | null {
  if (!result) return 'no result';
  if (oracle.view === 'refused') {
    return result.status === 400 ? null : `expected status 400 (${oracle.reason}), got ${result.status}`;
  }
  if (result.status !== 200) return `status ${result.status}: ${result.error ?? ''}`;
  switch (oracle.view) {
    case 'total':
      return query.sparkline
        ? differenceInCards(query, result, oracle)
        : differenceInTotal(query, result, oracle.groups);
    case 'series':
      return differenceInSeries(query, result, oracle);
    case 'table':
      return differenceInTable(query, result, oracle.groups);
    case 'sessions':
      return differenceInRows(result, [...SESSION_COLUMNS], oracle.rows);
    case 'rows':
      return differenceInRows(result, oracle.columns, oracle.rows);
    case 'contrast':
      return differenceInRows(result, ['group', query.of ?? 'sessions', ...CONTRAST_COLUMNS], oracle.rows);
  }
}

/** Group labels: a user's name with the id beside it; `(none)` for no value. */
function labelsOf(cells: ShownCell[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const { dimension, id, name } of cells) {
    labels[dimension] = name ?? '(none)';
    if (hasId(dimension)) labels[`${dimension}_id`] = id ?? '(none)';
  }
  return labels;
}

function labelKey(labels: Record<string, string> | undefined): string {
  return JSON.stringify(Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const groupKey = (group: Group): string => labelKey(labelsOf(group.cells));

function sameGroups(got: string[], groups: Group[]): string | null {
  const order = [...new Set(got)];
  const expected = groups.map(groupKey);
  const line = `got      ${order.join(' ')}\nexpected ${expected.join(' ')}`;
  const missing = expected.filter((key) => !order.includes(key));
  const extra = order.filter((key) => !expected.includes(key));
  if (missing.length + extra.length > 0) return `groups differ\n${line}`;
  return order.every((key, index) => key === expected[index]) ? null : `order of groups differs\n${line}`;
}

function differenceInTotal(query: Query, result: ServiceResult, groups: Group[]): string | null {
  const frame = result.frames?.[0];
  if (!frame || result.frames!.length !== 1) return `${result.frames?.length ?? 0} frames instead of 1`;
  const { fields } = frame.schema;
  const numbers = fields.flatMap((field, index) => (field.type === 'number' ? [{ field, index }] : []));
  if (numbers.length !== groups.reduce((sum, { values }) => sum + values.size, 0)) {
    return `${numbers.length} number fields for ${groups.length} groups of ${query.metrics!.length} metrics: ${fields
      .map((field) => field.name + labelKey(field.labels))
      .join(' ')}\nexpected groups ${groups.map(groupKey).join(' ')}`;
  }
  const order = sameGroups(
    numbers.map(({ field }) => labelKey(field.labels)),
    groups,
  );
  if (order) return order;
  const hasTime = fields.some((field) => field.type === 'time');
  if (groups.length > 0 && hasTime !== (query.compare !== undefined))
    return hasTime ? 'a time field without compare' : 'no time field';
  for (const group of groups) {
    for (const [metric, values] of group.values) {
      const found = numbers.find(({ field }) => field.name === metric && labelKey(field.labels) === groupKey(group));
      const expected = query.compare ? [group.previous.get(metric)!, values[0]!] : [values[0]!];
      const difference = valuesDiffer(
        `${metric} ${groupKey(group)}`,
        found && frame.data.values[found.index],
        expected,
      );
      if (difference) return difference;
    }
  }
  return null;
}

type Numbers = Answer & { view: 'total' | 'series' | 'table' };

/** A frame per metric with its points; the number of the whole window, and what it is compared with, stand beside it. */
function differenceInCards(query: Query, result: ServiceResult, { times, groups }: Numbers): string | null {
  const [group] = groups;
  if (result.frames?.length !== query.metrics!.length) return `${result.frames?.length} frames`;
  for (const [index, metric] of query.metrics!.entries()) {
    const { schema, data } = result.frames[index]!;
    const custom = schema.meta!.custom as { total: number | null; previous?: number | null; change?: number | null };
    const kept = group!.change.get(metric) ?? null;
    const difference =
      valuesDiffer(`time of ${metric}`, data.values[0], times) ??
      valuesDiffer(`points of ${metric}`, data.values[1], group!.values.get(metric)!) ??
      valuesDiffer(`total of ${metric}`, [custom.total], [group!.whole.get(metric)!]) ??
      (query.compare
        ? (valuesDiffer(`change of ${metric}`, [custom.change], [kept], sameChange) ??
          valuesDiffer(`previous ${metric}`, [custom.previous], [group!.previous.get(metric)!]))
        : valuesDiffer(`change of ${metric}`, [custom.change ?? null], [null]));
    if (difference) return difference;
  }
  return null;
}

function differenceInSeries(query: Query, result: ServiceResult, { times, ends, groups }: Numbers): string | null {
  const frames = (result.frames ?? []).filter((frame) => frame.schema.fields.length > 0);
  if (frames.length !== groups.length * query.metrics!.length) {
    const got = frames.map((frame) => frame.schema.fields.map((field) => field.name + labelKey(field.labels)).join());
    return `${frames.length} frames for ${groups.length} groups: ${got.join(' ')}\nexpected ${groups.map(groupKey).join(' ')}`;
  }
  const numberOf = (frame: (typeof frames)[number]): ServiceField => frame.schema.fields[1]!;
  const order = sameGroups(
    frames.map((frame) => labelKey(numberOf(frame).labels)),
    groups,
  );
  if (order) return order;
  for (const group of groups) {
    for (const [metric, values] of group.values) {
      const where = `${metric} ${groupKey(group)}`;
      const frame = frames.find(
        (one) => numberOf(one).name === metric && labelKey(numberOf(one).labels) === groupKey(group),
      );
      const difference =
        valuesDiffer(`time of ${where}`, frame?.data.values[0], times) ??
        valuesDiffer(where, frame?.data.values[1], values) ??
        (query.bounds ? valuesDiffer(`end of ${where}`, frame?.data.values[2], ends) : null);
      if (difference) return difference;
    }
  }
  return null;
}

function differenceInTable(query: Query, result: ServiceResult, groups: Group[]): string | null {
  const rows = groups.map((group) => {
    const row: Record<string, Plain> = {};
    for (const { dimension, id, name } of group.cells) {
      row[dimension] = isClockDimension(dimension) ? (name === NOT_SHOWN ? null : Number(name)) : name;
      if (hasId(dimension)) row[`${dimension}_id`] = id;
    }
    for (const [metric, values] of group.values) {
      row[metric] = values[0]!;
      if (query.compare) {
        row[`${metric}_previous`] = group.previous.get(metric)!;
        row[`${metric}_change`] = group.change.get(metric)!;
      }
      if (!query.intervals || !SHARES.includes(metric)) continue;
      const [low, high] = group.intervals.get(metric) ?? [null, null];
      row[`${metric}_low`] = low;
      row[`${metric}_high`] = high;
    }
    if (query.trend) row[`${query.trend}_trend`] = JSON.stringify(group.trend);
    return row;
  });
  const dimensions = (query.groupBy ?? []).flatMap((name) => (hasId(name) ? [name, `${name}_id`] : [name]));
  const metrics = query.metrics!.flatMap((name) => [
    name,
    ...(query.compare ? [`${name}_previous`, `${name}_change`] : []),
    ...(query.intervals && SHARES.includes(name) ? [`${name}_low`, `${name}_high`] : []),
  ]);
  const trends = query.trend ? [`${query.trend}_trend`] : [];
  return differenceInRows(result, [...dimensions, ...metrics, ...trends], rows);
}

function differenceInRows(result: ServiceResult, columns: string[], rows: Record<string, Plain>[]): string | null {
  const frame = result.frames?.[0];
  if (!frame || result.frames!.length !== 1) return `${result.frames?.length ?? 0} frames instead of 1`;
  const names = frame.schema.fields.map((field) => field.name);
  if (names.length === 0 && rows.length === 0) return null;
  if ([...names].sort().join() !== [...columns].sort().join())
    return `columns ${names.join()} instead of ${columns.join()}`;
  for (const column of columns) {
    const difference = valuesDiffer(
      `column ${column}`,
      frame.data.values[names.indexOf(column)],
      rows.map((row) => row[column]!),
      sameIn(column),
    );
    if (difference) {
      const ids = columns.find((name) => name !== column) ?? column;
      return `${difference}\n${ids}: ${JSON.stringify(frame.data.values[names.indexOf(ids)])}\nexpected ${JSON.stringify(
        rows.map((row) => row[ids]),
      )}`;
    }
  }
  return null;
}

/** Whether a value is shown by a name, and known by an id. */
function hasId(dimension: string): boolean {
  return dimension === 'user' || dimension === 'failure_fingerprint';
}
