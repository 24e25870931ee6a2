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
 * What a group's line or number is called: as `legend` says, `{{team}}` and `{{metric}}` in it replaced, or else the
 * group, the metric, or both where there are several of both.
 */
export function groupTitle(metric: Metric, { asked, groups, legend }: GroupedPlan, named: NamedGroup): string {
  const { names } = named;
  if (legend) return filledLegend(legend, { metric: metric.title, ...labelsOf(named, groups) });
  if (names.length === 0) return metric.title;
  const group = names.map((name) => name ?? NONE).join(', ');
  return asked.length === 1 ? group : `${metric.title}: ${group}`;
}

/** What stands for no label is left as it is, so that one sees it. */
function filledLegend(legend: string, labels: Readonly<Record<string, string>>): string {
  return legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(labels, name) ? labels[name]! : whole,
  );
}
