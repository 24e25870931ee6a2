import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { ACCENT, colourProperty } from '../../colours.js';
import { definitions } from '../../metric.js';
import { ask, CHOSEN } from '../../query.js';
import { PANELS, runsWith, SETTING } from './setting.js';

const PARTS = ['fully_known_cost', 'lower_bound_cost'];

/** What became of the money: every dollar in one bar, and the part that is a lower bound in a paler piece of it. */
export function outcomes() {
  return new barchart.PanelBuilder()
    .id(PANELS.outcomes)
    .title('What the money bought')
    .description(
      `Every dollar is in one bar: by how its run ended, or that it has not. What did not succeed is the failure tax. The pale part is a lower bound: runs of which only a part of the cost is known.\n\n${definitions(PARTS)}`,
    )
    .span(10)
    .height(9)
    .datasource(CHOSEN)
    .withTarget(ask(SETTING, { view: 'table', metrics: PARTS, groupBy: ['status'], orderBy: PARTS[0]! }))
    .orientation(VizOrientation.Horizontal)
    .stacking(StackingMode.Normal)
    .showValue(VisibilityMode.Never)
    .barWidth(0.7)
    .fillOpacity(90)
    .min(0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None))
    .overrideByName(PARTS[0]!, [
      colourProperty(ACCENT),
      { id: 'links', value: [runsWith('Runs, dearest first', { status: '${__data.fields.status:percentencode}' })] },
    ])
    .overrideByName(PARTS[1]!, [colourProperty('super-light-blue')]);
}
