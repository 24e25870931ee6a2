import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import * as xychart from '@grafana/grafana-foundation-sdk/xychart';
import { ACCENT, colourProperty, SHADES } from '../../colours.js';
import { definitions, metric } from '../../metric.js';
import { ask, CHOSEN } from '../../query.js';
import { CALLED, OF, PANELS, SETTING } from './setting.js';

const MOST = 12;
const POINT = ['cost_per_successful_run', 'run_success_rate'];
const DURATIONS = ['p50_run_duration', 'p95_run_duration'];
const COST = ['cost_per_successful_run'];

const legend = (shown: boolean) =>
  new VizLegendOptionsBuilder()
    .showLegend(shown)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([]);

/** The rows of which one of these fields is there and has a value. */
const withValue = (...fields: readonly string[]) => ({
  id: 'filterByValue',
  options: {
    filters: fields.map((fieldName) => ({ fieldName, config: { id: 'isNotNull', options: {} } })),
    type: 'include',
    match: 'any',
  },
});

/** The further up the better, the further left the cheaper. */
export function points() {
  const built = new xychart.PanelBuilder()
    .id(PANELS.points)
    .title('Success against cost')
    .description(
      `A point each: the further up the better, the further left the cheaper; none where the cost is not known. ${definitions(POINT)}`,
    )
    .span(8)
    .height(10)
    .datasource(CHOSEN)
    .withTarget(ask(SETTING, { view: 'table', metrics: POINT, groupBy: [`$${OF}`], orderBy: 'runs', limit: MOST }))
    // Grafana would draw an unknown cost as none
    .withTransformation(withValue(metric(POINT[0]!).title))
    .withTransformation(withValue(...CALLED))
    .withTransformation({ id: 'partitionByValues', options: { fields: CALLED, keepFields: false } })
    .mapping(xychart.SeriesMapping.Auto)
    .show(xychart.XYShowMode.Points)
    .pointSize({ fixed: 11 })
    .legend(legend(true))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single))
    .overrideByName('cost_per_successful_run', [
      { id: 'custom.axisLabel', value: metric('cost_per_successful_run').title },
      { id: 'min', value: 0 },
    ])
    .overrideByName('run_success_rate', [{ id: 'custom.axisLabel', value: metric('run_success_rate').title }]);
  // without a version Grafana takes it for one of before 11.1, and draws nothing
  return { build: () => ({ ...built.build(), pluginVersion: '12.3.0' }) };
}

function bars(id: number, title: string, metrics: readonly string[], colours: readonly string[]) {
  const built = new barchart.PanelBuilder()
    .id(id)
    .title(title)
    .description(definitions(metrics))
    .span(8)
    .height(10)
    .datasource(CHOSEN)
    .withTarget(ask(SETTING, { view: 'table', metrics, groupBy: [`$${OF}`], orderBy: 'runs', limit: MOST }))
    .orientation(VizOrientation.Horizontal)
    .showValue(VisibilityMode.Always)
    .barWidth(0.8)
    .fillOpacity(85)
    .min(0)
    .legend(legend(metrics.length > 1))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None));
  built.overrideByFieldType('string', [{ id: 'noValue', value: '(none)' }]);
  return metrics.reduce((made, name, at) => made.overrideByName(name, [colourProperty(colours[at]!)]), built);
}

export const durations = () => bars(PANELS.duration, 'Run duration', DURATIONS, SHADES);
export const costs = () => bars(PANELS.cost, metric(COST[0]!).title, COST, [ACCENT]);
