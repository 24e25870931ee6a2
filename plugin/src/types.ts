import { type DataSourceJsonData } from '@grafana/data';
import { type DataQuery } from '@grafana/schema';

/** A question to the service; its members are those of `POST /v1/query`. */
export interface RunboardQuery extends DataQuery {
  version?: number;
  view?: string;
  metrics?: string[];
}

/** Options of a data source that the browser may see. */
export interface RunboardOptions extends DataSourceJsonData {
  /** Take the e-mail of a Grafana user as proof of who they are. */
  trustEmails?: boolean;
}

/** Options that Grafana keeps to itself. */
export interface RunboardSecrets {
  token?: string;
}
