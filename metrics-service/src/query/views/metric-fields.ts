import { grafanaUnit, type Metric } from '../../catalogue/index.js';
import type { Field } from '../../contract/frames.js';
import type { GroupedQuery, NamedGroup } from '../groups.js';
import { NONE } from '../../contract/query.js';

/** How Grafana shows a metric's values. */
export function metricConfig(metric: Metric, displayName = metric.title): NonNullable<Field['config']> {
  return { displayNameFromDS: displayName, description: metric.definition, unit: grafanaUnit(metric) };
}

/** What a group's line or number is called: the group, the metric, or both where there are several of both. */
export function groupTitle(metric: Metric, { asked }: GroupedQuery, { names }: NamedGroup): string {
  if (names.length === 0) return metric.title;
  const group = names.map((name) => name ?? NONE).join(', ');
  return asked.length === 1 ? group : `${metric.title}: ${group}`;
}
