import type { Measure } from './measure.js';

/** The measure as an aggregate over the rows of its base. */
export function aggregateOf({ fold, where }: Measure): string {
  const filter = where ? ` filter (where ${where.sql})` : '';
  switch (fold.kind) {
    case 'count':
      return `count(${fold.of?.sql ?? '*'})${filter}`;
    case 'distinct':
      return `count(distinct ${fold.of.sql})${filter}`;
    case 'percentile':
      return `percentile_cont(${fold.fraction}) within group (order by ${fold.of.sql}::float8)${filter}`;
    default:
      return `${fold.kind}(${fold.of.sql})${filter}`;
  }
}

/** The measure of all rows, computed from its values over parts of them. */
export function aggregateOfParts({ fold, name }: Measure): string {
  return `${fold.kind === 'max' ? 'max' : 'sum'}(${name})`;
}

/** The measure of a single row. */
export function ofSingleRow({ fold, where, name }: Measure): string {
  if (fold.kind === 'distinct' || fold.kind === 'percentile') throw new Error(`a row has no ${name} of its own`);
  const value = fold.kind !== 'count' ? fold.of.sql : fold.of ? `(${fold.of.sql} is not null)::int` : '1';
  if (!where) return value;
  return `case when ${where.sql} then ${value}${fold.kind === 'count' ? ' else 0' : ''} end`;
}
