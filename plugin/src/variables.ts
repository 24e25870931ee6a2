import { CustomVariableSupport, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import { type TemplateSrv } from '@grafana/runtime';
import { from, map, type Observable } from 'rxjs';
import { type CatalogueSource } from './catalogue-source';
import { VariableEditor } from './components/VariableEditor';
import { type VariableQuery } from './types';

/** What is typed into a variable's list; Grafana asks again with each letter if the saved query has it. */
export const SEARCH_FILTER = '$__searchFilter';

/** Variables have the values of a dimension, searched by the service. */
export class VariableSupport extends CustomVariableSupport<CatalogueSource, VariableQuery> {
  override editor = VariableEditor;

  constructor(
    private readonly datasource: CatalogueSource,
    private readonly templates: TemplateSrv,
  ) {
    super();
  }

  override getDefaultQuery(): Partial<VariableQuery> {
    return { search: SEARCH_FILTER };
  }

  override query({ targets: [query], scopedVars }: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> {
    return from(this.values(query, scopedVars)).pipe(map((data) => ({ data })));
  }

  private async values({ dimension, search }: VariableQuery, scopedVars: DataQueryRequest['scopedVars']) {
    if (!dimension) return [];
    // nothing is typed yet where Grafana does not say what
    const typed = { __searchFilter: { text: '', value: '' }, ...scopedVars };
    return this.datasource.values(
      this.templates.replace(dimension, scopedVars),
      this.templates.replace(search ?? '', typed),
    );
  }
}
