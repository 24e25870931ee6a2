import { findMetric, takes, type DimensionName } from '../catalogue/index.js';
import type { RowSet } from './rows.js';

/** What can be compared: who or what did the work, and the kind of work. */
export const COMPARED = [
  ...['model', 'agent', 'runtime', 'role', 'workflow', 'task_type', 'work_item_type'],
  ...['stage', 'project', 'repo', 'team'],
] as const satisfies DimensionName[];

const METRICS = [
  ...['run_success_rate', 'runs', 'cost_per_successful_run', 'p50_run_duration', 'total_cost', 'cost_coverage'],
  ...['closed_work_items', 'quality_rate', 'rework_rate'],
];

export interface Comparison {
  /** what is compared */
  readonly by: string;
  /** each kind of work by itself */
  readonly same?: string | undefined;
  readonly filters?: Readonly<Record<string, unknown>> | undefined;
}

/** The query that compares, those with most runs first: the metrics that take its groups and filters. */
export function comparisonQuery({ by, same, filters = {} }: Comparison) {
  const groupBy = same === undefined ? [by] : [same, by];
  const metrics = METRICS.filter((id) => {
    const taken: { groups: readonly string[]; filters: readonly string[] } = takes(findMetric(id)!);
    const isFiltered = Object.keys(filters).every((name) => taken.filters.includes(name));
    return isFiltered && groupBy.every((name) => taken.groups.includes(name));
  });
  // where none of them takes a filter, the first one says so
  const asked = metrics.length > 0 ? metrics : METRICS.slice(0, 1);
  return { view: 'table', metrics: asked, groupBy, filters, orderBy: 'runs', intervals: 'wilson95' };
}

/** Ready to be shown: what is of the same kind of work stands together, and without work items nothing is said of them. */
export function comparedRows<Answer extends RowSet>(answer: Answer, { same }: Pick<Comparison, 'same'>): Answer {
  const { columns, rows } = answer;
  const kinds = same === undefined ? [] : [...new Set(rows.map((row) => row[same]))];
  const together = same === undefined ? rows : kinds.flatMap((kind) => rows.filter((row) => row[same] === kind));
  const isWithoutItems = rows.every((row) => !row.closed_work_items);
  const shown = isWithoutItems ? columns.filter(({ name }) => !OF_ITEMS.test(name)) : columns;
  return { ...answer, columns: shown, rows: together };
}

const OF_ITEMS = /^(closed_work_items|quality_rate|rework_rate)/;
