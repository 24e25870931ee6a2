import { type AdHocVariableFilter } from '@grafana/data';
import { readFilters, writeFilters } from './filters';
import { type AD_HOC_OPERATORS, type RunboardQuery } from './types';

/** Replaces the variables in a text; `format` is given a variable's value and answers with what stands for it. */
export type Replace = (text: string, format?: (value: unknown) => string) => string;

/** What a variable is set to that leaves everything in. */
const EVERYTHING = ['$__all', '*'];

const MARK = '\u0000';

/**
 * A query with its template variables replaced and the dashboard's filters beside its own. A variable with several
 * values becomes as many values of a list. A filter on everything is left out; what is no variable stays as it is, so
 * that the service can name it.
 */
export function interpolateQuery(
  query: RunboardQuery,
  replace: Replace,
  adHoc: readonly AdHocVariableFilter[] = [],
): RunboardQuery {
  const list = (texts: string | string[] | null | undefined): string[] | null | undefined =>
    texts == null ? texts : [texts].flat().flatMap((text) => interpolateList(text, replace));
  const text = <T>(value: T): T | string => (typeof value === 'string' ? replace(value) : value);
  const { metrics, groupBy, kinds, filters, by } = query;
  const interpolated: RunboardQuery = {
    ...Object.fromEntries(Object.entries(query).map(([member, value]) => [member, text(value)])),
    refId: query.refId,
    ...(metrics && { metrics: list(metrics) }),
    ...(groupBy && { groupBy: list(groupBy) }),
    ...(kinds && { kinds: list(kinds) }),
    ...(filters && { filters: interpolateFilters(filters, replace) }),
    ...(by && { by: interpolateFilters(by, replace) }),
  };
  const onDashboard = [...(query.adhocFilters ?? []), ...adHoc.map(adHocFilter)];
  return onDashboard.length > 0 ? { ...interpolated, adhocFilters: onDashboard } : interpolated;
}

function interpolateFilters(filters: RunboardQuery['filters'], replace: Replace): RunboardQuery['filters'] {
  const rows = readFilters(filters).map((row) => ({
    ...row,
    values: row.values.flatMap((value) => interpolateList(value, replace)),
  }));
  return writeFilters(rows.filter(({ values }) => !values.some((value) => EVERYTHING.includes(value))));
}

/** The texts that one stands for: itself, or one for each value of the variables in it. A variable of nothing is none. */
function interpolateList(text: string, replace: Replace): string[] {
  const variables: string[][] = [];
  const marked = replace(text, (value) => {
    variables.push([value].flat().map(String));
    return `${MARK}${variables.length - 1}${MARK}`;
  });
  const texts = variables.reduce(
    (found, values, index) =>
      found.flatMap((one) => values.map((value) => one.split(`${MARK}${index}${MARK}`).join(value))),
    [marked],
  );
  return marked === text ? texts : texts.filter((one) => one !== '');
}

/** A filter of the dashboard as the service takes it. */
function adHocFilter({ key, operator, value, values }: AdHocVariableFilter) {
  return {
    key,
    // one that the service does not know is named by it
    operator: operator as (typeof AD_HOC_OPERATORS)[number],
    value,
    ...(values ? { values } : {}),
  };
}
