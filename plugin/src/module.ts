import { DataSourcePlugin } from '@grafana/data';
import { DataSource } from './datasource';
import { type RunboardOptions, type RunboardQuery, type RunboardSecrets } from './types';

export const plugin = new DataSourcePlugin<DataSource, RunboardQuery, RunboardOptions, RunboardSecrets>(DataSource);
