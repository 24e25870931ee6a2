import { CoreApp } from '@grafana/data';
import {
  manyOnly,
  NO_COMPARISON,
  notOneNumber,
  noVariables,
  ONE_METRIC,
  WHO_ALLOWS,
} from '@runboard/metrics-service/alert-rules';
import { listOf, titleOf, viewOf } from './catalogue';
import { readFilters } from './filters';
import { isVariable } from './is-variable';
import { type Catalogue, type RunboardQuery } from './types';

/** What a rule asks for that does not work; `fix` is what would. */
export interface AlertProblem {
  text: string;
  fix?: Partial<RunboardQuery>;
}

const TOTAL = 'total';
const OF_ONE = ['user', 'session'];

export function isAlerting(app: CoreApp | string | undefined): boolean {
  return app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting;
}

/** What keeps a query, perhaps that of a panel, from working in an alert rule. */
export function alertProblems(catalogue: Catalogue, query: RunboardQuery): AlertProblem[] {
  const metrics = listOf(query.metrics);
  const groups = listOf(query.groupBy);
  const filters = readFilters(query.filters);
  const variables = [...metrics, ...groups, ...filters.flatMap(({ values }) => values)].filter(isVariable);
  const personal = [...groups, ...filters.map(({ dimension }) => dimension)].filter((name) => OF_ONE.includes(name));
  const view = viewOf(catalogue, query)?.title ?? query.view ?? '';
  return [
    ...(query.view === TOTAL ? [] : [{ text: notOneNumber(view), fix: { view: TOTAL } }]),
    ...(metrics.length > 1 ? [{ text: ONE_METRIC, fix: { metrics: metrics.slice(0, 1) } }] : []),
    ...(query.compare ? [{ text: NO_COMPARISON, fix: { compare: undefined } }] : []),
    ...[...new Set(variables)].map((variable) => ({ text: noVariables(variable) })),
    ...[...new Set(personal)].map((name) => ({
      text: `${manyOnly('alert rules', titleOf(catalogue, name).toLowerCase())}; ${WHO_ALLOWS}`,
    })),
  ];
}
