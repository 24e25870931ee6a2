import { type Catalogue, type Metric, type RunboardQuery, type View } from './types';

/** What the catalogue says about a query. All of it is pure. */

export function viewOf(catalogue: Catalogue, query: RunboardQuery): View | undefined {
  return catalogue.views.find(({ name }) => name === query.view);
}

/** A member that may be one name or a list of them. */
export function listOf(names: string | string[] | null | undefined): string[] {
  return names == null ? [] : [names].flat();
}

/** The metrics of a query that the service knows. */
export function metricsOf(catalogue: Catalogue, query: RunboardQuery): Metric[] {
  return listOf(query.metrics).flatMap((id) => catalogue.metrics.find((metric) => metric.id === id) ?? []);
}

/** The dimensions that a query can be filtered by: the view's own, or those that all of its metrics take. */
export function filtersOf(catalogue: Catalogue, query: RunboardQuery): string[] {
  const view = viewOf(catalogue, query);
  return view?.filters ?? takenByAll(catalogue, query, 'filters');
}

/** The dimensions that all metrics of a query can be grouped by. */
export function groupsOf(catalogue: Catalogue, query: RunboardQuery): string[] {
  return takenByAll(catalogue, query, 'groups');
}

function takenByAll(catalogue: Catalogue, query: RunboardQuery, what: 'filters' | 'groups'): string[] {
  const metrics = metricsOf(catalogue, query);
  return catalogue.dimensions
    .filter((dimension) => dimension[what] && metrics.every((metric) => metric[what].includes(dimension.name)))
    .map(({ name }) => name);
}

/** What the rows or groups of a query can be put in order by, with what it is called. */
export function ordersOf(catalogue: Catalogue, query: RunboardQuery): Array<{ name: string; title: string }> {
  const columns = viewOf(catalogue, query)?.columns ?? [];
  if (columns.length > 0) return columns;
  const asked = listOf(query.metrics);
  const groups = listOf(query.groupBy).map((name) => ({ name, title: titleOf(catalogue, name) }));
  const metrics = catalogue.metrics.map(({ id, title }) => ({ name: id, title }));
  const isAsked = ({ name }: { name: string }) => asked.includes(name);
  return [...metrics.filter(isAsked), ...groups, ...metrics.filter((metric) => !isAsked(metric))];
}

/** What a metric or dimension is called; its name where the service does not know it. */
export function titleOf({ metrics, dimensions }: Catalogue, name: string): string {
  const found = metrics.find(({ id }) => id === name) ?? dimensions.find((dimension) => dimension.name === name);
  return found?.title ?? name;
}
