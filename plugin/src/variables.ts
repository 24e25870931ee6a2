import { CustomVariableSupport, type DataFrame, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import { type TemplateSrv } from '@grafana/runtime';
import { from, map, type Observable } from 'rxjs';
import { type CatalogueSource } from './catalogue-source';
import { VariableEditor } from './components/VariableEditor';
import { type VariableQuery } from './types';

/** What is typed into a variable's list; Grafana asks again with each letter if the saved query has it. */
export const SEARCH_FILTER = '$__searchFilter';

/** Variables have the values of a dimension, searched by the service, or one text: what a view says in words. */
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

  override query(request: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> {
    const [query] = request.targets;
    if (query.view) return this.words(request);
    return from(this.values(query, request.scopedVars)).pipe(map((data) => ({ data })));
  }

  private words(request: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> {
    const targets = request.targets.map(({ refId, view, filters, datasource }) => ({
      refId,
      view,
      filters,
      datasource,
    }));
    return from(this.datasource.query({ ...request, targets })).pipe(
      map(({ data, errors }) => {
        const text = errors?.[0]
          ? (errors[0].message ?? 'The service cannot be asked')
          : markdownOf(data as DataFrame[]);
        return { data: [{ text, value: text }] };
      }),
    );
  }

  private async values(query: VariableQuery, scopedVars: DataQueryRequest['scopedVars']) {
    const { dimension, search } = query;
    if (!dimension) return [];
    // nothing is typed yet where Grafana does not say what
    const typed = { __searchFilter: { text: '', value: '' }, ...scopedVars };
    return this.datasource.values(
      this.templates.replace(dimension, scopedVars),
      this.templates.replace(search ?? '', typed),
      this.datasource.applyTemplateVariables({ refId: query.refId, filters: query.filters }, scopedVars).filters,
    );
  }
}

/** The rows of `markdown`, as one text. */
function markdownOf(frames: readonly DataFrame[]): string {
  const field = frames.flatMap(({ fields }) => fields).find(({ name }) => name === 'markdown');
  return (field?.values ?? []).join(' ');
}
