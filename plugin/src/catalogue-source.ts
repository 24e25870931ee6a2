import { type DataSourceApi, type ScopedVars } from '@grafana/data';
import { type Catalogue, type RunboardOptions, type RunboardQuery } from './types';

/** What editors and variables ask of the data source. */
export interface CatalogueSource extends DataSourceApi<RunboardQuery, RunboardOptions> {
  /** Everything that can be asked for, read once; a failure is not kept. */
  catalogue(): Promise<Catalogue>;
  /** The values of a dimension whose value or name contains `search`, on runs that pass the filters, and `(none)`. */
  values(
    dimension: string,
    search?: string,
    filters?: RunboardQuery['filters'],
  ): Promise<Array<{ value: string; text: string }>>;
  applyTemplateVariables(query: RunboardQuery, scopedVars: ScopedVars): RunboardQuery;
}
