import { type DataSourceJsonData } from '@grafana/data';
import { type DataQuery } from '@grafana/schema';
import {
  type AskedQuery,
  type Catalogue,
  type NONE as None,
  type QUERY_VERSION as Version,
  type SavedQuery,
} from '@runboard/metrics-service/contract';

export type { AD_HOC_OPERATORS, Catalogue, DimensionValues } from '@runboard/metrics-service/contract';
export type View = Catalogue['views'][number];
export type Metric = Catalogue['metrics'][number];
export type Dimension = Catalogue['dimensions'][number];

/** A question to the service, as Grafana saves it; its members are those of `POST /v1/query`. */
export interface RunboardQuery extends DataQuery, Omit<SavedQuery, 'refId'> {}

/** What a variable has its values from: those of a dimension, or what a view says in words. */
export interface VariableQuery extends DataQuery {
  /** only values on runs that pass; variables of other lists may stand in them */
  filters?: RunboardQuery['filters'];
  /** instead of a dimension: its texts become one value, to be shown by a text panel */
  view?: string;
  dimension?: string;
  /** what the values contain; with `$__searchFilter` in it, what is typed into the variable is searched by the service */
  search?: string;
}

/** Stands for rows without a value, wherever a value can stand. */
export const NONE: typeof None = '(none)';

const VERSION: typeof Version = 1;

/** Runs over time. */
export const DEFAULT_QUERY = { version: VERSION, view: 'series', metrics: ['runs'] } satisfies AskedQuery;

/** One number, which is what an alert rule compares. */
export const DEFAULT_ALERT_QUERY = { version: VERSION, view: 'total', metrics: ['runs'] } satisfies AskedQuery;

export const ANNOTATIONS = { version: VERSION, view: 'annotations' } satisfies AskedQuery;

/** The earlier windows that a question can be compared with. */
export const COMPARISONS = [
  { value: 'previous', label: 'The period before', description: 'As long as this one, directly before it' },
  { value: 'same_weekdays', label: 'The same weekdays', description: 'By the fewest whole weeks earlier' },
] satisfies Array<{ value: AskedQuery['compare']; label: string; description: string }>;

/** What can be compared with and without something. */
export const CONTRASTED = [
  { value: 'sessions', label: 'Sessions' },
  { value: 'work_items', label: 'Work items' },
] satisfies Array<{ value: AskedQuery['of']; label: string }>;

/** What runs can be counted by. */
export const DISTRIBUTED = [
  { value: 'duration', label: 'Duration' },
  { value: 'cost', label: 'Cost' },
  { value: 'tokens', label: 'Tokens' },
] satisfies Array<{ value: AskedQuery['of']; label: string }>;

export const DIRECTIONS = [
  { value: 'desc', label: 'greatest first' },
  { value: 'asc', label: 'least first' },
] satisfies Array<{ value: AskedQuery['direction']; label: string }>;

/** Options of a data source that the browser may see. */
export interface RunboardOptions extends DataSourceJsonData {
  /** The service's address, where Grafana's own data source proxy does not look. */
  url?: string;
  /** Take the e-mail of a Grafana user as proof of who they are. */
  trustEmails?: boolean;
}

/** Options that Grafana keeps to itself. */
export interface RunboardSecrets {
  token?: string;
}
