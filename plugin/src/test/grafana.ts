import { type DataSourceInstanceSettings, type DataSourcePluginMeta, type ScopedVars } from '@grafana/data';
import {
  setBackendSrv,
  setTemplateSrv,
  type BackendSrv,
  type BackendSrvRequest,
  type TemplateSrv,
} from '@grafana/runtime';
import { of, throwError } from 'rxjs';
import { DataSource } from '../datasource';
import { CATALOGUE } from './catalogue';

const VARIABLE = /\$(\w+)|\$\{(\w+)\}/g;

type Variables = Record<string, string | string[]>;

/** Grafana's replacing of variables, as far as it matters: a custom "All" passes every format by. */
function templates(variables: Variables): TemplateSrv {
  const replace = (text = '', scopedVars: ScopedVars = {}, format?: unknown): string =>
    text.replace(VARIABLE, (whole, name: string | undefined, braced: string | undefined) => {
      const key = name ?? braced ?? '';
      const value = (scopedVars[key]?.value as string | string[] | undefined) ?? variables[key];
      if (value === undefined) return whole;
      if (value === '*') return value;
      return typeof format === 'function' ? (format as (value: unknown) => string)(value) : String(value);
    });
  const all = Object.keys(variables).map((name) => ({ name }));
  const fake: Partial<TemplateSrv> = {
    replace,
    containsTemplate: (text) => VARIABLE.test(text ?? ''),
    getVariables: () => all as ReturnType<TemplateSrv['getVariables']>,
  };
  return fake as TemplateSrv;
}

const VALUES: Record<string, Array<{ value: string; label: string }>> = {
  team: [
    { value: 'apps', label: 'apps' },
    { value: 'core', label: 'core' },
  ],
  user: [{ value: 'u-ann', label: 'Ann' }],
};

/** What Grafana's server answers: the service's catalogue, values of dimensions, and `results` to a query. */
function answer({ url, params }: BackendSrvRequest, results: object): unknown {
  const [, path = ''] = url.split('/resources/');
  if (path === 'catalogue') return CATALOGUE;
  if (path === 'live-path') return { path: 'live/of-me' };
  const [, dimension = ''] = /^dimensions\/(\w+)\/values$/.exec(path) ?? [];
  const search = String((params as { search?: string } | undefined)?.search ?? '');
  return { values: (VALUES[dimension] ?? []).filter(({ label }) => label.includes(search)), results };
}

interface Fake {
  variables?: Variables;
  fails?: string;
  results?: object;
}

/** A Grafana around a data source: its variables, and what was asked of its server. */
export function fakeGrafana({ variables = {}, fails, results = {} }: Fake = {}) {
  const requests: BackendSrvRequest[] = [];
  const server: { fails?: string; failure?: unknown; results: object } = { fails, results };
  const fetch = (request: BackendSrvRequest) => {
    requests.push(request);
    if (server.failure) return throwError(() => server.failure);
    return server.fails
      ? throwError(() => ({ data: { message: server.fails } }))
      : of({ data: answer(request, server.results) });
  };
  setBackendSrv({ fetch } as unknown as BackendSrv);
  setTemplateSrv(templates(variables));
  const meta = { id: 'runboard-metrics-datasource' } as DataSourcePluginMeta;
  const settings = {
    uid: 'runboard',
    type: meta.id,
    name: 'Runboard',
    access: 'proxy',
    readOnly: false,
    jsonData: {},
    meta,
  };
  const datasource = new DataSource(settings as DataSourceInstanceSettings);
  const queries = () =>
    requests
      .filter(({ url }) => url.startsWith('/api/ds/query'))
      .map(({ data }) => (data as { queries: unknown[] }).queries[0]);
  return { datasource, requests, server, queries };
}
