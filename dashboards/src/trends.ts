import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  BarAlignment,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { colourProperty, PLAIN } from './colours.js';
import { definitions, metric } from './metric.js';
import { ask, type SavedQuery, type Setting } from './query.js';

interface Trend {
  readonly id: number;
  readonly title?: string;
  readonly metrics: readonly string[];
  readonly query?: Partial<SavedQuery>;
  readonly width: number;
  readonly height: number;
  /** colours by what a series is called: its group, or its metric's title */
  readonly colours?: Readonly<Record<string, string>>;
  readonly legend?: boolean;
  /** where a click on a point or bar leads to: its values are those of the bucket */
  readonly link?: DynamicConfigValue[];
  /** whether the tooltip has the sum of the series, too */
  readonly total?: boolean;
  /** whether values may be below 0 */
  readonly signed?: boolean;
}

/** So many points at most make bars that one can tell apart: days in 7, 30 and 90 days. */
const MOST_BARS = 100;

/** A metric's line over time; a gap where it has no value. */
export function lines(setting: Setting, trend: Trend): PanelBuilder {
  return panel(setting, trend)
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(2)
    .fillOpacity(0)
    .spanNulls(false)
    .showPoints(VisibilityMode.Auto);
}

/** Bars over time, one on the other. */
export function bars(setting: Setting, trend: Trend): PanelBuilder {
  return panel(setting, trend)
    .drawStyle(GraphDrawStyle.Bars)
    .lineWidth(0)
    .fillOpacity(90)
    .barAlignment(BarAlignment.After)
    .barWidthFactor(0.8)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
}

function panel(setting: Setting, trend: Trend) {
  const {
    id,
    title,
    metrics,
    query,
    width,
    height,
    colours = {},
    legend = true,
    link,
    total = false,
    signed = false,
  } = trend;
  const { grafanaUnit, title: ofMetric } = metric(metrics[0]!);
  const isCount = grafanaUnit === 'locale';
  const built = new PanelBuilder()
    .id(id)
    .title(title ?? ofMetric)
    .description(definitions(metrics))
    .datasource(setting.datasource)
    .withTarget(ask(setting, { view: 'series', metrics, interval: 'auto', ...(link && { bounds: true }), ...query }))
    .maxDataPoints(MOST_BARS)
    .span(width)
    .height(height)
    .unit(grafanaUnit)
    .noValue('Nothing in this range: choose a longer one, or fewer filters')
    .axisBorderShow(false)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(legend)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (!signed) built.min(0);
  if (isCount) built.decimals(0);
  if (link) built.withOverride({ matcher: { id: 'byRegexp', options: '/.*/' }, properties: link });
  if (total) withTotal(setting, trend, built);
  return Object.entries(colours).reduce((made, [name, colour]) => made.overrideByName(name, coloured(colour)), built);
}

/** One more series, which only the tooltip shows. */
function withTotal(setting: Setting, { metrics, query }: Trend, built: PanelBuilder): void {
  built
    .withTarget(
      ask(setting, {
        refId: 'Total',
        view: 'series',
        metrics,
        interval: 'auto',
        legend: 'Total',
        ...query,
        groupBy: [],
      }),
    )
    .overrideByQuery('Total', [
      { id: 'custom.hideFrom', value: { viz: true, legend: true, tooltip: false } },
      { id: 'custom.stacking', value: { mode: StackingMode.None, group: 'Total' } },
      colourProperty(PLAIN),
    ]);
}

function coloured(colour: string): DynamicConfigValue[] {
  return [colourProperty(colour)];
}
