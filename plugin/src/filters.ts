import { NONE, type RunboardQuery } from './types';

/** One line of filters: rows whose dimension is (or is not) one of the values. */
export interface FilterRow {
  dimension: string;
  negated: boolean;
  values: string[];
}

type Filters = NonNullable<RunboardQuery['filters']>;

/** The filters of a query as rows, in whichever of their forms they were written. */
export function readFilters(filters: RunboardQuery['filters']): FilterRow[] {
  return Object.entries(filters ?? {}).map(([dimension, given]) => {
    const negated = typeof given === 'object' && given !== null && !Array.isArray(given);
    const values = [negated ? given.not : given].flat().map((value) => (value === null ? NONE : String(value)));
    return { dimension, negated, values };
  });
}

export function writeFilters(rows: readonly FilterRow[]): Filters {
  return Object.fromEntries(
    rows.map(({ dimension, negated, values }) => [dimension, negated ? { not: values } : values]),
  );
}

/** The filters with one value more that is let through or left out. Saying the contrary of a filter replaces it. */
export function addFilter(
  filters: RunboardQuery['filters'],
  dimension: string,
  value: string,
  negated: boolean,
): Filters {
  const rows = readFilters(filters);
  const same = rows.find((row) => row.dimension === dimension && row.negated === negated && negated);
  const values = same ? [...new Set([...same.values, value])] : [value];
  return writeFilters([...rows.filter((row) => row.dimension !== dimension), { dimension, negated, values }]);
}
