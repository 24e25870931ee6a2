import { DIMENSIONS } from './dimensions.js';
import { hasInterval } from './metric.js';
import { METRICS, grafanaUnit, takes } from './index.js';

/** The catalogue as GET /v1/catalogue returns it: what can be asked for, for editors, docs and clients. */
export function describeCatalogue() {
  return {
    metrics: METRICS.map((metric) => ({
      id: metric.id,
      title: metric.title,
      section: metric.section,
      definition: metric.definition,
      unit: metric.unit,
      grafanaUnit: grafanaUnit(metric),
      better: metric.better,
      filters: takes(metric).filters,
      groups: takes(metric).groups,
      requires: metric.requires ?? null,
      requiresAny: metric.requiresAny ?? [],
      hasInterval: hasInterval(metric),
    })),
    dimensions: DIMENSIONS.map(({ name, title, definition }) => ({
      name,
      title,
      definition,
      filters: METRICS.some((metric) => takes(metric).filters.includes(name)),
      groups: METRICS.some((metric) => takes(metric).groups.includes(name)),
    })),
  };
}
