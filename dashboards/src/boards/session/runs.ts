import {
  LegendDisplayMode,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import { STATUS_BARS } from '../../colours.js';
import { ask, CHOSEN } from '../../query.js';
import { runsTable } from '../../runs-table.js';
import { link, only, SHORT_TIME, width } from '../../tables.js';
import { here, PANELS, ROWS, RUN, THE_RUN } from './setting.js';

/** A bar a run, as many as one can tell apart: however many there are, and be it one. */
export function runsOverTime() {
  return (
    new barchart.PanelBuilder()
      .id(PANELS.runsOverTime)
      .title('How long runs took')
      .description(
        'A bar for each of the latest 100 runs, in order; in the colour of its status. Runs in flight have none yet',
      )
      .gridPos({ x: 0, y: 29, w: 24, h: 7 })
      .datasource(CHOSEN)
      .withTarget(ask(ROWS, { view: 'runs', limit: 100 }))
      .withTransformation(only(['Started', 'Duration', 'Status', 'Run']))
      .withTransformation({ id: 'sortBy', options: { sort: [{ field: 'Started', desc: false }] } })
      .xField('Started')
      .colorByField('Status')
      .showValue(VisibilityMode.Never)
      .barWidth(0.9)
      .fillOpacity(85)
      .min(0)
      .noValue('No runs to show')
      .legend(new VizLegendOptionsBuilder().showLegend(false).displayMode(LegendDisplayMode.List))
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None))
      // the axis would write them all, one over the other; the tooltip has the time
      .overrideByName('started_at', [
        { id: 'unit', value: 'time:D MMM HH:mm' },
        { id: 'custom.axisPlacement', value: 'hidden' },
      ])
      .overrideByName('status', [STATUS_BARS])
      .overrideByName('run', [{ id: 'custom.hideFrom', value: { viz: true, legend: true, tooltip: false } }])
  );
}

const ITS_TIME = 'from=${__data.fields.started_at.numeric}&to=${__data.fields.completed_at}';

/** The one that a click has chosen. */
export function run() {
  return runsTable(PANELS.run, 'Chosen run', {
    width: 24,
    height: 5,
    columns: [
      'Run',
      'Status',
      'Started',
      'Duration',
      'Queue wait',
      'Waited for a person',
      'Total cost',
      'Model',
      'Input tokens',
      'Output tokens',
      'Error summary',
    ],
    run: link(here('Show no single run', { set: { run: '' } }, ['session'])),
  })
    .gridPos({ x: 0, y: 14, w: 24, h: 5 })
    .description(
      'The run that was clicked in a list. A click on its name closes it, one on its start sets the range to it',
    )
    .datasource(CHOSEN)
    .withTarget(ask(RUN, { view: 'runs', limit: 1 }))
    .overrideByName('started_at', [
      ...SHORT_TIME,
      ...link(here('Show this time only', { range: ITS_TIME }, ['session', 'run'])),
    ])
    .overrideByName('input_tokens', [width(75)])
    .overrideByName('output_tokens', [width(75)]);
}

export function runs() {
  return runsTable(PANELS.runs, 'Runs', {
    width: 24,
    height: 10,
    columns: [
      'Run',
      'Status',
      'Started',
      'Duration',
      'Queue wait',
      'Waited for a person',
      'Total cost',
      'Model',
      'Failure category',
      'Error summary',
    ],
    run: THE_RUN,
  })
    .gridPos({ x: 0, y: 19, w: 24, h: 10 })
    .description('A click on a run shows it above; the range stays')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'runs', orderBy: 'started_at', direction: 'asc', limit: 10_000 }));
}
