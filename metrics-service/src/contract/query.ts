import { z } from 'zod';
import { parseRfc3339 } from './rfc3339.js';

/** The body of POST /v1/query (design section 6). Unknown members are ignored; `unknownMembers` lists them. */

/** A header of POST /v1/query: the uid of the asking Grafana's data source. */
export const DATASOURCE_HEADER = 'X-Runboard-Datasource';

/** Instants lie between the years 1 and 9999, which every component can represent. */
export const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
export const LATEST_MS = Date.parse('9999-12-31T00:00:00Z');

const INTEGER = /^\s*[+-]?\d{1,16}\s*$/;

function readInstant(value: string | number): number | null {
  const ms = typeof value === 'number' || INTEGER.test(value) ? Number(value) : parseRfc3339(value.trim());
  return ms !== null && Number.isSafeInteger(ms) && ms >= EARLIEST_MS && ms <= LATEST_MS ? ms : null;
}

/** Epoch milliseconds, as a number or text, or RFC 3339. */
export const instant = z
  .union(
    [
      z.number().meta({ type: 'integer', minimum: EARLIEST_MS, maximum: LATEST_MS }),
      z.string().meta({ description: 'the same as text, or RFC 3339' }),
    ],
    { error: 'must be a time in epoch milliseconds' },
  )
  .transform((value, context) => {
    const ms = readInstant(value);
    if (ms !== null) return ms;
    context.addIssue({ code: 'custom', message: 'must be a time in whole epoch milliseconds, such as 1767225600000' });
    return z.NEVER;
  });

/** A whole number, or a text of one. */
export function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most.toLocaleString('en-US')}`;
  const types = [
    z.number().meta({ type: 'integer', minimum: least, maximum: most }),
    z.string().meta({ pattern: '^\\d{1,16}$', description: 'the same as text' }),
  ] as const;
  return z.union(types, { error: message }).transform((value, context) => {
    const number = typeof value === 'number' || INTEGER.test(value) ? Number(value) : NaN;
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

const name = z.string({ error: 'must be text' });
const flag = z
  .union([z.boolean(), z.enum(['true', 'false'])], { error: 'must be true or false' })
  .transform((value) => value === true || value === 'true');
const names = z
  .union([z.array(name), name], { error: 'must be a list of names' })
  .transform((value) => [...new Set(typeof value === 'string' ? [value] : value)]);

/** A filter's values: any of those listed, `none` for rows without a value, or (negated) all but these. */
export interface FilterValues {
  readonly values: readonly string[];
  readonly none: boolean;
  readonly negated: boolean;
}

/** Means "rows without a value", wherever a value is allowed. */
export const NONE = '(none)';
/** How the groups over too few people to be shown are told together. */
export const NOT_SHOWN = '(not shown)';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
type Scalar = z.infer<typeof scalar>;
const alternatives = z.union([z.array(scalar), scalar]);

function filterValues(list: readonly Scalar[], negated: boolean): FilterValues {
  const values = list.filter((value) => value !== null && value !== NONE).map(String);
  return { values, none: list.length > values.length, negated };
}

export const filter = z
  .union([alternatives, z.strictObject({ not: alternatives })], {
    error: 'must be a value, a list of values, or {"not": [values]}',
  })
  .transform((given): FilterValues => {
    const negated = typeof given === 'object' && given !== null && !Array.isArray(given);
    return filterValues([negated ? given.not : given].flat(), negated);
  });

/** Grafana's operators of ad hoc filters: is, is not, is one of, is none of. */
export const AD_HOC_OPERATORS = ['=', '!=', '=|', '!=|'] as const;

/** A dashboard's ad hoc filter in Grafana's own form; it applies on top of the query's own filters. */
export const adHocFilter = z
  .looseObject({
    key: z.string(),
    operator: z.enum(AD_HOC_OPERATORS, { error: `must be one of ${AD_HOC_OPERATORS.join(', ')}` }),
    value: scalar.default(''),
    values: z.array(scalar).nullish(),
  })
  .transform(({ key, operator, value, values }) => {
    const list = operator.endsWith('|') && values ? values : [value];
    // a filter that is still being edited has no value yet
    const said = list.filter((one) => one !== '');
    return { dimension: key, ...filterValues(said, operator.startsWith('!')) };
  });

/** The kinds of intervals that shares can be asked with: of 95 % confidence, by Wilson's score. */
export const INTERVAL_KINDS = ['wilson95'] as const;

/** The current version of the query language; query/migrate.ts converts older ones. */
export const QUERY_VERSION = 1;

const described = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  schema.nullish().meta({ description });

/** The window of a query, or of a request for those of its queries that have none. */
const windowMembers = {
  from: described(instant, 'the first instant of the window, in epoch milliseconds'),
  to: described(instant, 'the end of the window, not included'),
  timezone: described(name, "an IANA name, for days and months; default: the organization's").meta({
    examples: ['Europe/Vienna'],
  }),
  maxDataPoints: described(
    wholeNumber(1, Number.MAX_SAFE_INTEGER),
    'how many points `interval: "auto"` may give, 600 by default',
  ),
};

/**
 * One query of a request: a panel's or an alert rule's, as Grafana saves it. Every member has a description;
 * openapi/query.ts names those that must be names of the catalogue.
 */
export const querySchema = z.looseObject({
  refId: described(z.string(), 'names the result; by default A, B, …'),
  version: described(
    wholeNumber(1, Number.MAX_SAFE_INTEGER),
    'the version of this language that the query was saved in, so that it keeps its meaning; 1 by default',
  ),
  view: name.nullish(),
  metrics: names.nullish(),
  groupBy: names.nullish(),
  filters: z.record(z.string(), filter).nullish(),
  adhocFilters: described(
    z.array(adHocFilter),
    "filters from the top of a dashboard, in Grafana's form; they hold beside `filters`, and one that the query does not " +
      'take is left out with a notice',
  ),
  kinds: names.nullish(),
  of: name.nullish(),
  by: described(
    z.record(z.string(), filter),
    'of the view contrast: one filter of runs, or on `tool`, that tells those with from those without',
  ),
  interval: name.nullish(),
  compare: name.nullish(),
  intervals: described(
    z.enum(INTERVAL_KINDS, { error: `must be ${INTERVAL_KINDS.map((kind) => `"${kind}"`).join(' or ')}` }),
    'of the view table: the ends of the 95 % Wilson intervals of its shares, `<metric>_low` and `<metric>_high`, and a notice ' +
      'for the groups that are not told apart',
  ),
  sparkline: described(
    flag,
    'of the view total: for a stat panel, a frame per metric with the points of the window, which shows the number of the ' +
      'whole window and with `compare` its change. Not for alert rules',
  ),
  trend: described(name, 'of the view table: a metric whose points over the window each group has in one more column'),
  values: described(
    name,
    'of the view table, with one grouping: a dimension; in one more column each group names the values that its runs have ' +
      'of it, those of most runs first',
  ),
  bounds: described(
    flag,
    'of the view series: a hidden field `until`, where each point ends, for links. Not for alert rules',
  ),
  legend: described(
    name,
    'what lines and numbers are called in the views total and series; `{{team}}` (a grouping) and `{{metric}}` are replaced',
  ),
  live: described(
    flag,
    "of panels on Grafana's boards: answered again by itself as data comes in, as are the view `live` and the metrics of now; with a filter on session or run only while one of them moves",
  ),
  audience: described(
    z.enum(['public'], { error: 'must be "public"' }),
    'of boards for everybody: whoever asks is answered as the public is, where the organization shows it anything',
  ),
  explain: described(
    flag,
    'says in `meta.custom.engine` what the answer was made of: each statement with the tables that it read and its time in ' +
      'ms, and what came from sums of slots instead of the rows',
  ),
  orderBy: described(name, 'a metric or column; by default the first'),
  direction: name.nullish(),
  limit: wholeNumber(1, Number.MAX_SAFE_INTEGER).nullish(),
  offset: wholeNumber(0, Number.MAX_SAFE_INTEGER).nullish(),
  ...windowMembers,
});
export type Query = z.infer<typeof querySchema>;

/** The request: its window, zone and points apply to queries that have none of their own. */
export const requestSchema = z.looseObject({
  from: z.unknown().optional(),
  to: z.unknown().optional(),
  timezone: z.unknown().optional(),
  maxDataPoints: z.unknown().optional(),
  queries: z.array(z.unknown()).min(1).max(200),
});

/** Members that Grafana adds to a query or request: ignored silently. */
const GRAFANA_MEMBERS = new Set(
  (
    'datasource datasourceId datasourceUid hide key queryType intervalMs queryCachingTTL timeRange range app requestId ' +
    'panelId panelPluginId panelName dashboardUID dashboardTitle dashboardId scopes groupByKeys rawQuery ' +
    'resultAssertions aliasBy legendFormat debug publicDashboardAccessToken skipQueryCache startTime endTime liveStreaming'
  ).split(' '),
);

/** The members of a query or request that are neither the service's nor Grafana's own. */
export function unknownMembers(given: object, schema: typeof querySchema | typeof requestSchema): string[] {
  return Object.keys(given).filter((member) => !Object.hasOwn(schema.shape, member) && !GRAFANA_MEMBERS.has(member));
}

const TEMPLATE = /^\s*(?:\$\w+|\$\{[^}]*\}|\[\[[^\]]*\]\])\s*$/;

/** Whether the text is an unresolved template variable: `$name`, `${name}`, `${name:csv}`, `[[name]]`. */
export function isTemplate(text: string): boolean {
  return TEMPLATE.test(text);
}
