import { isDimensionVisible, minimumGroupSize, type ViewerScope } from '../access/viewer-scope.js';
import type { Metric } from '../catalogue/metric.js';
import { manyOnly, WHO_ALLOWS } from '../format/alert-rules.js';
import { OfManyOnly } from './invalid.js';

/** The parts of a query that decide whether the viewer may see its numbers. */
interface AskedNumbers {
  readonly groups: readonly { name: string }[];
  readonly filters: readonly { dimension: { name: string }; negated: boolean }[];
  readonly metrics: readonly Metric[];
}

/** Refuses numbers about single people or sessions if the viewer may see only totals. */
export function checkNumbers(scope: ViewerScope, { groups, filters, metrics }: AskedNumbers): void {
  if (scope.kind !== 'totals') return;
  const names = [...groups.map(({ name }) => name), ...filters.map(({ dimension }) => dimension.name)];
  const personal = names.find((name) => !isDimensionVisible(scope, name));
  if (personal !== undefined) {
    throw new OfManyOnly(`${manyOnly(scope.who, personal)}${wayOut(scope)}`);
  }
  if (scope.minimumGroupSize === 0) return;
  const ofOne = metrics.find((metric) => metric.ofOne);
  if (ofOne) throw new OfManyOnly(`${scope.who} see numbers of many only: ${ofOne.id} is that of one session`);
  // subtracted from the total, "all but a few" would reveal those few
  const negated = filters.find((filter) => filter.negated);
  if (negated) {
    throw new OfManyOnly(`${scope.who} filter to values only: name those of ${negated.dimension.name} to keep`);
  }
}

/** Refuses lists of sessions, runs and events if the viewer may see only totals. */
export function checkLists(scope: ViewerScope): void {
  if (scope.kind !== 'totals') return;
  throw new OfManyOnly(
    `${scope.who} see numbers of many only, no lists: ask for the view total, series or table${wayOut(scope)}`,
  );
}

/** What the organization can change about it. */
function wayOut(scope: ViewerScope): string {
  return minimumGroupSize(scope) > 0 ? '' : `; ${WHO_ALLOWS}`;
}
