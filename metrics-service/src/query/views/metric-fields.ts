import { grafanaUnit, type Metric } from '../../catalogue/index.js';
import type { Field } from '../../contract/frames.js';
import { labelsOf, type GroupedPlan } from '../groups.js';
import { NONE } from '../../contract/query.js';
import type { NamedGroup } from '../asked.js';

/** How Grafana shows a metric's values. */
export function metricConfig(metric: Metric, displayName = metric.title): NonNullable<Field['config']> {
  return { displayNameFromDS: displayName, description: metric.definition, unit: grafanaUnit(metric) };
}

/**
 * The name of a group's line or number: `legend` with `{{team}}` and `{{metric}}` replaced, or else the group, the
 * metric, or both if there are several of both.
 */
export function groupTitle(metric: Metric, { asked, groups, legend }: GroupedPlan, named: NamedGroup): string {
  const { names } = named;
  if (legend) return filledLegend(legend, { metric: metric.title, ...labelsOf(named, groups) });
  if (names.length === 0) return metric.title;
  const group = names.map((name) => name ?? NONE).join(', ');
  return asked.length === 1 ? group : `${metric.title}: ${group}`;
}

/** An unknown placeholder is kept, so that one sees it. */
function filledLegend(legend: string, labels: Readonly<Record<string, string>>): string {
  return legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(labels, name) ? labels[name]! : whole,
  );
}
