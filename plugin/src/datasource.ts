import {
  CoreApp,
  type AdHocVariableFilter,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceGetDrilldownsApplicabilityOptions,
  type DataSourceGetTagKeysOptions,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  type DrilldownsApplicability,
  type MetricFindValue,
  type QueryFixAction,
  type ScopedVars,
} from '@grafana/data';
import {
  DataSourceWithBackend,
  getTemplateSrv,
  toDataQueryResponse,
  type BackendDataSourceResponse,
  type TemplateSrv,
} from '@grafana/runtime';
import { map, of, switchMap, type Observable } from 'rxjs';
import { isAlerting } from './alerting';
import { annotationSupport } from './annotations';
import { filtersOf, listOf, viewOf } from './catalogue';
import { type CatalogueSource } from './catalogue-source';
import { withoutFalseChanges } from './changes';
import { withEstimates } from './estimates';
import { addFilter } from './filters';
import { interpolateQuery } from './interpolate';
import { follow, hasFailed, isOfNow, type Following, type LiveQuestion } from './live';
import {
  DEFAULT_ALERT_QUERY,
  DEFAULT_QUERY,
  NONE,
  type Catalogue,
  type DimensionValues,
  type RunboardOptions,
  type RunboardQuery,
} from './types';
import { inOurForms } from './value-formats';
import { VariableSupport } from './variables';
import { ianaZone } from './zone';

/** How many values of a dimension are offered at once; more are found by typing. */
const OFFERED_VALUES = 1000;

/** Asks the service for what panels, variables, annotations and editors need. It knows no metric: the catalogue does. */
export class DataSource extends DataSourceWithBackend<RunboardQuery, RunboardOptions> implements CatalogueSource {
  override annotations = annotationSupport;
  private reading: Promise<Catalogue> | undefined;
  private known: Catalogue | undefined;

  constructor(
    settings: DataSourceInstanceSettings<RunboardOptions>,
    private readonly templates: TemplateSrv = getTemplateSrv(),
  ) {
    super(settings);
    this.variables = new VariableSupport(this, templates);
  }

  catalogue(): Promise<Catalogue> {
    this.reading ??= this.getResource<Catalogue>('catalogue', undefined, { showErrorAlert: false }).then(
      (catalogue) => (this.known = catalogue),
      (error: unknown) => {
        this.reading = undefined;
        throw error;
      },
    );
    return this.reading;
  }

  async values(
    dimension: string,
    search = '',
    filters?: RunboardQuery['filters'],
  ): Promise<Array<{ value: string; text: string }>> {
    const path = `dimensions/${encodeURIComponent(dimension)}/values`;
    const passing = Object.keys(filters ?? {}).length > 0 && { filters: JSON.stringify(filters) };
    const params = { limit: OFFERED_VALUES, ...(search && { search }), ...passing };
    const { values } = await this.getResource<DimensionValues>(path, params, { showErrorAlert: false });
    const found = values.map(({ value, label }) => ({ value, text: label }));
    return NONE.includes(search.toLowerCase()) ? [...found, { value: NONE, text: NONE }] : found;
  }

  /** One answer; of what is as of now, further ones as long as it is and somebody looks. */
  override query(request: DataQueryRequest<RunboardQuery>): Observable<DataQueryResponse> {
    const timezone = ianaZone(request.timezone);
    const targets = request.targets.map((query) => ({ ...query, timezone: query.timezone || timezone }));
    const zoned = { ...request, targets };
    const ask = () => super.query(zoned).pipe(map(shownFor(request)));
    if (!isOnBoard(request)) return ask();
    const isAskedFor = targets.some((query) => query.live && this.filterQuery(query));
    return ask().pipe(
      switchMap((answer) => {
        const goesOn = isOfNow(answer) || (isAskedFor && hasFailed(answer));
        return goesOn ? this.follow(answer, zoned, ask) : of(answer);
      }),
    );
  }

  private follow(first: DataQueryResponse, request: DataQueryRequest<RunboardQuery>, ask: Following['ask']) {
    const { targets, range, scopedVars, maxDataPoints, filters } = request;
    const question: LiveQuestion = {
      from: range.from.valueOf(),
      ...(range.raw.to === 'now' ? {} : { to: range.to.valueOf() }),
      maxDataPoints,
      queries: targets.map((query) => this.applyTemplateVariables(query, scopedVars, filters)),
    };
    const path = () =>
      this.postResource<{ path: string }>('live-path', question, { showErrorAlert: false }).then(({ path }) => path);
    const read = (answer: BackendDataSourceResponse) =>
      shownFor(request)(toDataQueryResponse({ data: answer }, targets));
    return follow(first, { question, ask, read, uid: this.uid, path });
  }

  override applyTemplateVariables(query: RunboardQuery, scopedVars: ScopedVars, filters?: AdHocVariableFilter[]) {
    return interpolateQuery(query, (text, format) => this.templates.replace(text, scopedVars, format), filters);
  }

  targetContainsTemplate(query: RunboardQuery): boolean {
    return this.templates.containsTemplate(JSON.stringify(query));
  }

  override getDefaultQuery(app?: CoreApp): Partial<RunboardQuery> {
    return isAlerting(app) ? DEFAULT_ALERT_QUERY : DEFAULT_QUERY;
  }

  /** A query that is not finished yet is not asked. */
  override filterQuery(query: RunboardQuery): boolean {
    const needsMetrics = this.known && viewOf(this.known, query)?.members.includes('metrics');
    return Boolean(query.view) && !(needsMetrics && listOf(query.metrics).length === 0);
  }

  getQueryDisplayText({ view, metrics, groupBy, kinds }: RunboardQuery): string {
    const asked = [...listOf(metrics), ...listOf(kinds)].join(', ');
    const groups = listOf(groupBy).join(', ');
    return [view, asked && `: ${asked}`, groups && ` by ${groups}`].filter(Boolean).join('');
  }

  /** What Explore's "filter for value" and "filter out value" do. */
  modifyQuery(query: RunboardQuery, { type, options }: QueryFixAction): RunboardQuery {
    const { key, value } = options ?? {};
    const isFilter = type === 'ADD_FILTER' || type === 'ADD_FILTER_OUT';
    if (!isFilter || !key || value === undefined || (this.known && !filtersOf(this.known, query).includes(key)))
      return query;
    return { ...query, filters: addFilter(query.filters, key, value, type === 'ADD_FILTER_OUT') };
  }

  async getTagKeys({ queries }: Partial<DataSourceGetTagKeysOptions<RunboardQuery>> = {}): Promise<MetricFindValue[]> {
    const catalogue = await this.catalogue();
    return catalogue.dimensions
      .filter(({ name, filters }) => filters && isTakenBySome(catalogue, queries, name))
      .map(({ name, title }) => ({ text: title, value: name }));
  }

  getTagValues({ key }: DataSourceGetTagValuesOptions<RunboardQuery>): Promise<MetricFindValue[]> {
    return this.values(key);
  }

  async getDrilldownsApplicability({
    filters = [],
    groupByKeys = [],
    queries,
  }: Partial<DataSourceGetDrilldownsApplicabilityOptions<RunboardQuery>> = {}): Promise<DrilldownsApplicability[]> {
    const catalogue = await this.catalogue();
    const onFilters = filters.map(({ key, origin }) => {
      const applicable = isTakenBySome(catalogue, queries, key);
      return { key, origin, applicable, ...(applicable ? {} : { reason: 'No query here can be filtered by it' }) };
    });
    const reason = 'Runboard panels say themselves what they are grouped by';
    return [...onFilters, ...groupByKeys.map((key) => ({ key, applicable: false, reason }))];
  }
}

/** Alert rules, Explore and what a program asks are answered once. */
function isOnBoard({ app }: DataQueryRequest<RunboardQuery>): boolean {
  const boards: string[] = [CoreApp.Dashboard, CoreApp.PanelEditor, CoreApp.PanelViewer];
  return boards.includes(app);
}

/** Frames as the panel of this request shows them. */
function shownFor({ panelPluginId, targets }: DataQueryRequest<RunboardQuery>) {
  const isStat = panelPluginId === 'stat';
  const compared = targets.flatMap(({ refId, compare, sparkline }) => (isStat && compare && !sparkline ? refId : []));
  const shown = (frame: DataFrame) =>
    withEstimates(inOurForms(compared.includes(frame.refId ?? '') ? withoutFalseChanges(frame) : frame));
  return (response: DataQueryResponse) => ({ ...response, data: (response.data as DataFrame[]).map(shown) });
}

function isTakenBySome(catalogue: Catalogue, queries: RunboardQuery[] | undefined, dimension: string): boolean {
  if (!queries || queries.length === 0) return catalogue.dimensions.some(({ name }) => name === dimension);
  return queries.some((query) => filtersOf(catalogue, query).includes(dimension));
}
