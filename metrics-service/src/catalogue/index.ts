import { SECTIONS, type Metric } from './metric.js';
import * as metrics from './metrics/index.js';

/** Every metric: by section, then by id. */
export const METRICS: readonly Metric[] = Object.values(metrics).sort(
  (one, other) => SECTIONS.indexOf(one.section) - SECTIONS.indexOf(other.section) || (one.id < other.id ? -1 : 1),
);

const BY_ID = new Map(METRICS.map((metric) => [metric.id, metric]));

/** The metric of that id, or undefined. */
export function findMetric(id: string): Metric | undefined {
  return BY_ID.get(id);
}

export { DIMENSIONS, findDimension, type Dimension, type DimensionName } from './dimensions.js';
export { grafanaUnit, knownIn, neededGroups, takes, valueFor, type Metric } from './metric.js';
export { KINDS, showMetric, shownIn, UNITS } from './units.js';
export { inWords, fromWords, WORDS } from './words.js';
export { modelColours, OUTCOME_COLOURS, UNNAMED_COLOUR } from './colours.js';
