import type { Query } from '../contract/query.js';
import type { Filter } from './filters.js';

/** The named members of a query, without any others. */
type Named = { [Member in keyof Query as string extends Member ? never : Member]: Query[Member] };

/** A query ready for planning: its filters are looked up in the catalogue, and include the dashboard's. */
export interface Question extends Omit<Named, 'filters' | 'adhocFilters'> {
  readonly filters: readonly Filter[];
}
