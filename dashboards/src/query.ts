import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** A query as Grafana saves it: the object that POST /v1/query takes. Template variables stand in `filters` as `$name`. */
export interface SavedQuery {
  readonly refId?: string;
  readonly view: string;
  readonly metrics?: readonly string[];
  readonly groupBy?: readonly string[];
  readonly filters?: Filters;
  readonly kinds?: readonly string[];
  readonly of?: string;
  readonly by?: Filters;
  readonly interval?: string;
  readonly legend?: string;
  readonly compare?: 'previous' | 'same_weekdays';
  readonly intervals?: 'wilson95';
  readonly sparkline?: boolean;
  readonly trend?: string;
  readonly values?: string;
  readonly bounds?: boolean;
  readonly orderBy?: string;
  readonly direction?: string;
  readonly limit?: number | string;
}

export type Filters = Readonly<Record<string, readonly string[] | { readonly not: readonly string[] }>>;

export interface DataSource {
  readonly type: string;
  readonly uid: string;
}

/** What the panels of a board have in common: whom they ask, and for which rows. */
export interface Setting {
  readonly datasource: DataSource;
  readonly filters: Filters;
  /** as whom it asks, whoever looks */
  readonly audience?: 'public';
  /** its panels are answered again by themselves as data comes in */
  readonly live?: true;
}

const PLUGIN = 'runboard-metrics-datasource';

/** The data source that the board's variable chooses. */
export const CHOSEN: DataSource = { type: PLUGIN, uid: '${datasource}' };
/** The provisioned one: a public dashboard has no variables. */
export const PROVISIONED: DataSource = { type: PLUGIN, uid: 'runboard' };
/** Grafana's own: what another panel of the board has asked already. */
const OTHER_PANEL: DataSource = { type: 'datasource', uid: '-- Dashboard --' };

/** Grafana's own: its annotations, those of alerts among them. */
const GRAFANA: DataSource = { type: 'grafana', uid: '-- Grafana --' };

export { GRAFANA, PLUGIN, OTHER_PANEL };

type Target = Builder<Dataquery>;

/** A query to the service, with the setting's filters unless it has its own. */
export function ask(setting: Setting, query: SavedQuery): Target {
  return target({ refId: 'A', version: 1, ...setting, ...query });
}

/** The answers of another panel, before its transformations. */
export function answersOf(panelId: number): Target {
  return target({ refId: 'A', datasource: OTHER_PANEL, panelId });
}

/** A query of any data source, as the SDK takes it. */
export function target(query: object): Target {
  return { build: () => ({ ...query, _implementsDataqueryVariant: () => undefined }) };
}
