import { type DataSourceInstanceSettings } from '@grafana/data';
import { DataSourceWithBackend } from '@grafana/runtime';
import { type RunboardOptions, type RunboardQuery } from './types';

export class DataSource extends DataSourceWithBackend<RunboardQuery, RunboardOptions> {
  constructor(settings: DataSourceInstanceSettings<RunboardOptions>) {
    super(settings);
  }
}
