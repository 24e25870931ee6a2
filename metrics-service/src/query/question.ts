import type { Query } from '../contract/query.js';
import type { Filter } from './filters.js';

/** The members of a query that have names, without those that it may have besides. */
type Named = { [Member in keyof Query as string extends Member ? never : Member]: Query[Member] };

/** A query as views plan it: its filters are found in the catalogue, those of the dashboard are among them. */
export interface Question extends Omit<Named, 'filters' | 'adhocFilters'> {
  readonly filters: readonly Filter[];
}
