import { findDimension, DIMENSIONS, type Dimension, type DimensionName } from '../catalogue/dimensions.js';
import { fromWords } from '../catalogue/words.js';
import type { FilterValues, Query } from '../contract/query.js';
import { InvalidQuery, quoted, unknownName } from './invalid.js';

/** A filter with its dimension looked up. */
export interface Filter extends FilterValues {
  readonly dimension: Dimension;
}

/** The names that an error lists: of a view what it can be filtered by, else all. */
type Taken = readonly DimensionName[] | null;

/** The filters of a query. An empty list is no filter. @throws InvalidQuery */
export function filtersOf({ filters }: Pick<Query, 'filters'>, taken: Taken = null): Filter[] {
  return Object.entries(filters ?? {}).flatMap(([name, given]) => filterOf(name, given, taken));
}

/** A dashboard's ad hoc filters. One may name a dimension that the query filters by, too: both apply. */
export function adHocFiltersOf(given: NonNullable<Query['adhocFilters']>): Filter[] {
  return given.flatMap(({ dimension, ...values }) => filterOf(dimension, values));
}

/** A filter of that dimension; none for an empty list. @throws InvalidQuery */
export function filterOf(name: string, given: FilterValues, taken: Taken = null): Filter[] {
  const dimension = dimensionAmong(name, taken);
  const values = given.values.map((value) => fromWords(name, value));
  return values.length > 0 || given.none ? [{ dimension, ...checkedFlag(dimension, { ...given, values }) }] : [];
}

/** The dimension of that name. @throws InvalidQuery that lists the valid ones */
export function dimensionOf(name: string): Dimension {
  return dimensionAmong(name, null);
}

function dimensionAmong(name: string, taken: Taken): Dimension {
  const found = findDimension(name);
  if (found) return found;
  throw unknownName('dimension', name, taken ?? DIMENSIONS.map((dimension) => dimension.name));
}

function checkedFlag(dimension: Dimension, given: FilterValues): FilterValues {
  const wrong = dimension.flag && given.values.find((value) => value !== 'true' && value !== 'false');
  if (wrong === undefined) return given;
  throw new InvalidQuery(`filter ${dimension.name} takes true and false, not ${quoted(wrong)}`);
}
