import { TAKES, type DimensionName, type Takes } from './dimensions.js';
import type { Formula } from './formula.js';
import type { BaseName, Known, Measure } from './measure.js';
import { UNITS, type Unit } from './units.js';

/** For each point in time t: distinct users of the runs started in the `days` × 24 hours before t. */
export interface Trailing {
  readonly base: 'trailing';
  readonly days: 1 | 7 | 30;
}

/** Now − the newest time of any event. */
export interface DataAge {
  readonly base: 'data';
}

/** Now − the newest time of any event of each source. */
export interface SourceAge {
  readonly base: 'sources';
}

/** What of a budget's limit is spent, or will be at the end of its period. */
export interface BudgetUse {
  readonly base: 'budgets';
  readonly of: 'use' | 'projected_use';
}

/** A sum over the runs of the window ÷ the median of the same over the windows 1, 2, 3 and 4 weeks before. */
export interface ToUsual {
  readonly base: 'usual';
  /** the sum, and the number of rows that it is over */
  readonly measures: readonly [sum: Measure<'runs'>, rows: Measure<'runs'>];
}

export type FormulaOfOneBase = { [B in BaseName]: Formula<B> }[BaseName];
export type MetricValue = FormulaOfOneBase | Trailing | ToUsual | DataAge | SourceAge | BudgetUse;

export const SECTIONS = [
  'Adoption',
  'Reliability',
  'Speed',
  'Cost and tokens',
  'Output',
  'Tools',
  'Work items',
  'Sessions',
  'Now',
  'Data',
] as const;

export interface Metric {
  readonly id: string;
  readonly title: string;
  readonly section: (typeof SECTIONS)[number];
  /** the sentence of definitions.md */
  readonly definition: string;
  readonly unit: Unit;
  /** Grafana's unit, if not the usual one of `unit` */
  readonly display?: string;
  readonly better: 'higher' | 'lower' | 'neither';
  readonly value: MetricValue;
  /** the same over a run's parts, for queries grouped or filtered by what only parts have */
  readonly byParts?: Formula<'parts'>;
  /** its value belongs to a single session, however many there are */
  readonly ofOne?: boolean;
  /** as of now, whatever the window: not for series, comparisons or intervals */
  readonly live?: true;
  /** a grouping that the metric needs to make sense */
  readonly requires?: DimensionName;
  /** groupings of which it needs one */
  readonly requiresAny?: readonly DimensionName[];
}

/** Declares a metric; the type of its value ensures that all measures share a base. */
export function metric(definition: Metric): Metric {
  return definition;
}

/** The groupings of which it needs one; empty: it needs none. */
export function neededGroups({ requires, requiresAny = [] }: Metric): readonly DimensionName[] {
  return requires ? [requires] : requiresAny;
}

/** The groupings and filters that a metric takes. */
export function takes(metric: Metric): Takes {
  if ('perTime' in metric.value) return TAKES.trailing;
  return TAKES[metric.byParts ? metric.byParts.base : metric.value.base];
}

/** The value definition for a query that uses these dimensions. */
export function valueFor(
  { value, byParts }: Metric,
  dimensions: readonly { readonly name: DimensionName }[],
): MetricValue {
  const { groups, filters }: Takes = TAKES[value.base];
  const isTaken = dimensions.every(({ name }) => groups.includes(name) || filters.includes(name));
  return byParts && !isTaken ? byParts : value;
}

/** What the metric sums that may be unknown for some runs. */
export function knownIn(value: MetricValue): readonly Known[] {
  const measures: readonly Measure[] = 'measures' in value ? value.measures : [];
  return [...new Set(measures.flatMap(({ about }) => about ?? []))];
}

/** Whether it is a share of cases, each of which is one or is not: then chance can be told, and it has an interval. */
export function hasInterval({ value }: Pick<Metric, 'value'>): boolean {
  return 'cases' in value && value.cases !== undefined;
}

/** The unit's id in Grafana. */
export function grafanaUnit(metric: Metric): string {
  return metric.display ?? UNITS[metric.unit];
}
