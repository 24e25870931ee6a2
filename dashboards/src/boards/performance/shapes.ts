import {
  PanelBuilder as HeatMap,
  HeatmapColorOptionsBuilder,
  HeatmapTooltipBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { HeatmapColorMode } from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as Histogram } from '@grafana/grafana-foundation-sdk/histogram';
import {
  LegendDisplayMode,
  LegendPlacement,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { colourProperty, OUTCOME_COLOURS } from '../../colours.js';
import { ask } from '../../query.js';
import { COLOURED_CELL, table } from '../../tables.js';
import { PANELS, SETTING } from './setting.js';

const NOTHING = 'Nothing in this range: choose a longer one, or fewer filters';

/** How many ended runs took how long: bins that double. */
export function histogram() {
  return new Histogram()
    .id(PANELS.histogram)
    .title('How long runs take')
    .description(
      'Ended runs by their duration. Each bar is twice as wide as the one before; the first has all that is shorter.',
    )
    .datasource(SETTING.datasource)
    .withTarget(ask(SETTING, { view: 'distribution', of: 'duration' }))
    .span(12)
    .height(9)
    .fillOpacity(80)
    .lineWidth(1)
    .noValue(NOTHING)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .overrideByName('failed_runs', [colourProperty(OUTCOME_COLOURS.FAILED!)])
    .overrideByName('runs', [colourProperty(OUTCOME_COLOURS.SUCCEEDED!)]);
}

/** The same over time. */
export function heatMap() {
  return new HeatMap()
    .id(PANELS.heatMap)
    .title('Duration over time')
    .description('Ended runs by when they started and how long they took: the stronger the colour, the more runs.')
    .datasource(SETTING.datasource)
    .withTarget(ask(SETTING, { view: 'distribution', of: 'duration', interval: 'auto' }))
    .span(12)
    .height(9)
    .maxDataPoints(100)
    .noValue(NOTHING)
    .calculate(false)
    .cellGap(1)
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Blues').steps(64).exponent(0.5))
    .yAxis(new YAxisConfigBuilder().unit('ms').decimals(0))
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(false).showColorScale(false))
    .scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(2));
}

/**
 * Parts of the busiest hour, in percent. The numbers can be read on each, in both themes: on a tint Grafana writes in the
 * theme's colour if it is fainter than 0.3.
 */
const BUSY: DynamicConfigValue[] = [
  { id: 'color', value: { mode: 'thresholds' } },
  {
    id: 'thresholds',
    value: {
      mode: 'percentage',
      steps: [
        { value: null, color: 'transparent' },
        { value: 5, color: 'rgba(50, 116, 217, 0.12)' },
        { value: 20, color: 'rgba(50, 116, 217, 0.2)' },
        { value: 40, color: 'rgba(50, 116, 217, 0.29)' },
        { value: 60, color: 'rgb(31, 96, 196)' },
      ],
    },
  },
];

/** When agents are at work: a row a weekday, a column an hour. */
export function peakHours() {
  return table(PANELS.peakHours, 'Peak hours', { width: 24, height: 10 })
    .description('Runs by the weekday and hour in which they started, in the time zone of this board.')
    .datasource(SETTING.datasource)
    .withTarget(ask(SETTING, { view: 'punchcard', metrics: ['runs'] }))
    .withOverride({
      matcher: { id: 'byRegexp', options: '/^(h)?\\d\\d$/' },
      properties: [
        { id: 'custom.minWidth', value: 40 },
        { id: 'custom.align', value: 'center' },
        COLOURED_CELL,
        ...BUSY,
      ],
    })
    .overrideByName('day_of_week', [
      { id: 'custom.width', value: 90 },
      { id: 'custom.align', value: 'left' },
    ]);
}
