import { DataSourcePlugin } from '@grafana/data';
import { ConfigEditor } from './components/ConfigEditor';
import { QueryEditor } from './components/QueryEditor';
import { QueryEditorHelp } from './components/QueryEditorHelp';
import { DataSource } from './datasource';
import { type RunboardOptions, type RunboardQuery, type RunboardSecrets } from './types';
import { registerFormats } from './value-formats';

registerFormats();

export const plugin = new DataSourcePlugin<DataSource, RunboardQuery, RunboardOptions, RunboardSecrets>(DataSource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(QueryEditorHelp);
