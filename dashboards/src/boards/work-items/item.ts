import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import { VariableHide, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import * as piechart from '@grafana/grafana-foundation-sdk/piechart';
import { board } from '../../board.js';
import { figures, NO_VALUE, numbers } from '../../cards.js';
import { boardLink, field, OVERVIEW, RUNS, SESSION, SESSIONS, toBoard, WORK_ITEM, WORK_ITEMS } from '../../links.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL } from '../../query.js';
import { runsTable } from '../../runs-table.js';
import { atLeast, EMPTY, inOrder, link, NOTE, only, SHORT_TIME, table, width, WRAPPED } from '../../tables.js';
import { carried, datasource, text } from '../../variables.js';
import { byVariable, FILTERS, KEPT, ONE, ROWS } from './setting.js';

export const PANELS = {
  ...{ cost: 1, usual: 2, what: 3, sessions: 4, models: 5, runs: 6, waited: 7, waits: 8, escalations: 9 },
} as const;

const COST = ['Total cost', 'Cost in its whole life', 'Total tokens', 'Sessions', 'Runs'];
const USUAL = ['Usual cost', 'Similar ones', 'Time to close', 'Usual time to close', 'Escalations'];
const WHAT = ['Work item', 'Title', 'Type', 'Project', 'Epic', 'State', 'Quality', 'First run', 'Closed', 'Page'];
const OF_SESSION = ['total_cost', 'total_tokens', 'runs', 'run_success_rate'];
const WAITING = ['avg_queue_wait', 'queue_share', 'await_share', 'avg_run_duration'];

const toSession = link(toBoard(SESSION, { title: 'Open session ${__value.text}', set: { session: field('session') } }));

/** A panel without a work item has one word for all of its numbers; one that is not known is –. */
function summary(id: number, title: string, fields: string[]) {
  return figures({ id, title, fields, width: 12, height: 3, size: 16 })
    .noValue('Nothing to show')
    .withOverride({ matcher: { id: 'byRegexp', options: '/.*/' }, properties: [{ id: 'noValue', value: NO_VALUE }] });
}

function what() {
  const wholeLife = toBoard(WORK_ITEM, {
    title: 'Show its whole life',
    set: { work_item: field('work_item') },
    keep: KEPT,
    range: 'from=${__data.fields.first_run_at.numeric}&to=now',
  });
  return table(PANELS.what, 'What it is', { width: 24, height: 4 })
    .description('A click on its first run sets the range to its whole life')
    .datasource(OTHER_PANEL)
    .withTarget(answersOf(PANELS.cost))
    .withTransformation(only([NOTE, ...WHAT]))
    .withTransformation(inOrder(WHAT))
    .overrideByName('work_item', [width(120), WRAPPED])
    .overrideByName('title', [WRAPPED, EMPTY, atLeast(180)])
    .overrideByName('type', [width(80), EMPTY])
    .overrideByName('project', [width(90), WRAPPED, EMPTY])
    .overrideByName('epic', [
      width(95),
      WRAPPED,
      EMPTY,
      ...link(
        toBoard(WORK_ITEMS, { title: 'Show work items of ${__value.text}', set: { epic: field('epic') }, keep: KEPT }),
      ),
    ])
    .overrideByName('state', [width(70)])
    .overrideByName('quality', [width(110), WRAPPED, EMPTY])
    .overrideByName('first_run_at', [...SHORT_TIME, ...link(wholeLife)])
    .overrideByName('closed_at', SHORT_TIME)
    .overrideByName('url', [WRAPPED, EMPTY, atLeast(150)]);
}

function sessions() {
  return table(PANELS.sessions, 'By session and stage', { width: 14, height: 9, metrics: OF_SESSION })
    .description('The runs of the range that are about it, by session and what they were for, the dearest first')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'table', metrics: OF_SESSION, groupBy: ['session', 'stage'], limit: 500 }))
    .overrideByName('session', [WRAPPED, atLeast(130), ...toSession])
    .overrideByName('stage', [width(125)])
    .overrideByName('total_cost', [width(85)])
    .overrideByName('total_tokens', [width(80)])
    .overrideByName('runs', [width(60)])
    .overrideByName('run_success_rate', [width(90)]);
}

function models() {
  return new piechart.PanelBuilder()
    .id(PANELS.models)
    .title('By model')
    .description('Cost of the parts of its runs in the range, by their own model, with its share')
    .span(10)
    .height(9)
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'total', metrics: ['total_cost'], groupBy: ['call_model'] }))
    .noValue(NO_VALUE)
    .displayLabels([])
    .legend(
      new piechart.PieChartLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Right)
        .values([piechart.PieChartLegendValues.Value, piechart.PieChartLegendValues.Percent]),
    );
}

function runs() {
  return runsTable(PANELS.runs, 'Runs in order', {
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
      'Stage',
      'Role',
      'Model',
      'Failure category',
      'Error summary',
    ],
    run: link(
      toBoard(SESSION, {
        title: 'Show run ${__value.text} in its session',
        set: { session: field('session'), run: field('run') },
      }),
    ),
  })
    .description('The runs of the range that are about it, the earliest first')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'runs', orderBy: 'started_at', direction: 'asc', limit: 10_000 }))
    .overrideByName('stage', [width(115), EMPTY])
    .overrideByName('role', [width(80), EMPTY]);
}

function waits() {
  return (
    new barchart.PanelBuilder()
      .id(PANELS.waits)
      .title('What it waited for')
      .description('Of each run, in order: how long it waited in the queue, and during it for a person')
      .span(14)
      .height(8)
      .datasource(OTHER_PANEL)
      .withTarget(answersOf(PANELS.runs))
      .withTransformation(only([NOTE, 'Started', 'Queue wait', 'Waited for a person']))
      .xField('Started')
      .xTickLabelSpacing(100)
      .xTickLabelMaxLength(20)
      .showValue(VisibilityMode.Never)
      .stacking(StackingMode.Normal)
      .barWidth(0.9)
      .fillOpacity(85)
      .min(0)
      .noValue('No runs to show')
      .legend(
        new VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .calcs([]),
      )
      // Grafana would write all of them, one over the other; the tooltip has the time
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None))
      .overrideByName('started_at', [
        { id: 'unit', value: 'time:D MMM HH:mm' },
        { id: 'custom.axisPlacement', value: 'hidden' },
      ])
  );
}

function escalations() {
  const columns = ['Time', 'Severity', 'Escalation category', 'Resolved', 'Time to resolve', 'Session'];
  return table(PANELS.escalations, 'Escalations', { width: 24, height: 6 })
    .description('When an agent that worked on it called for a person, in the range')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'escalations', limit: 500 }))
    .withTransformation(only([NOTE, ...columns]))
    .withTransformation(inOrder(columns))
    .overrideByName('occurred_at', SHORT_TIME)
    .overrideByName('severity', [width(85)])
    .overrideByName('escalation_category', [WRAPPED, atLeast(130)])
    .overrideByName('resolved_at', SHORT_TIME)
    .overrideByName('time_to_resolve', [width(110)])
    .overrideByName('session', [WRAPPED, atLeast(130), ...toSession]);
}

/** What one piece of work cost, where, and what it waited for. */
export function workItem(): DashboardBuilder {
  return board(WORK_ITEM, 'Runboard work item', 'What one piece of work cost, where, and what it waited for')
    .variables([datasource, text('work_item'), ...FILTERS.map(carried), byVariable(VariableHide.HideVariable)])
    .link(boardLink('Work items', WORK_ITEMS))
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Sessions', SESSIONS))
    .link(boardLink('Runs', RUNS))
    .withPanel(
      summary(PANELS.cost, 'What it cost', COST)
        .description('In the range, and in its whole life as far as it is kept')
        .datasource(CHOSEN)
        .withTarget(ask(ONE, { view: 'work_item' })),
    )
    .withPanel(
      summary(PANELS.usual, 'Beside similar ones', USUAL)
        .description(
          'Usual is the median of the latest 500 closed work items of its type and project, in their whole life: of five at least',
        )
        .datasource(OTHER_PANEL)
        .withTarget(answersOf(PANELS.cost)),
    )
    .withPanel(what())
    .withPanel(sessions())
    .withPanel(models())
    .withPanel(runs())
    .withPanel(waits())
    .withPanel(
      numbers({ id: PANELS.waited, title: 'Waiting in numbers', metrics: WAITING, width: 10, height: 8, size: 16 })
        .datasource(CHOSEN)
        .withTarget(ask(ROWS, { view: 'total', metrics: WAITING })),
    )
    .withPanel(escalations());
}
