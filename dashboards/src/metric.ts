import { findMetric, grafanaUnit } from '../../metrics-service/src/catalogue/index.js';
import type { Metric } from '../../metrics-service/src/catalogue/metric.js';

/** What a board needs of a metric, as the catalogue has it; throws for a name that it does not know. */
export function metric(id: string): Metric & { readonly grafanaUnit: string } {
  const found = findMetric(id);
  if (!found) throw new Error(`the catalogue has no metric ${id}`);
  return { ...found, grafanaUnit: grafanaUnit(found) };
}

const DECIMALS: Readonly<Record<string, number>> = { ratio: 1 };

/** As many as people write, so that the numbers of a column stand below each other; none where the unit has them, or Grafana may choose. */
export function decimalsOf(id: string): number | undefined {
  return DECIMALS[findMetric(id)?.unit ?? ''];
}

/** The metrics' definitions, one a line, for a panel's description. */
export function definitions(ids: readonly string[]): string {
  const found = ids.map(metric);
  if (found.length === 1) return found[0]!.definition;
  return found.map(({ title, definition }) => `- **${title}**: ${definition}`).join('\n');
}
