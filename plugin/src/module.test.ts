import { plugin } from './module';
import { DataSource } from './datasource';
import pluginJson from './plugin.json';

test('Grafana finds the data source, its backend and its alerting', () => {
  expect(plugin.DataSourceClass).toBe(DataSource);
  expect(pluginJson).toMatchObject({ id: 'runboard-metrics-datasource', backend: true, alerting: true });
});
