import type { Metric } from '../catalogue/index.js';
import type { MetricValue } from '../catalogue/metric.js';
import type { Group } from './grid.js';

/** A metric as a query asks for it. */
export interface Asked {
  readonly metric: Metric;
  readonly value: MetricValue;
}

/** A group with its shown names. */
export interface NamedGroup {
  readonly group: Group;
  /** shown name by dimension; null for rows without a value */
  readonly names: readonly (string | null)[];
}
