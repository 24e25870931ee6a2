import { PanelBuilder, VariableHide, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  LegendDisplayMode,
  LogsSortOrder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import * as logs from '@grafana/grafana-foundation-sdk/logs';
import { board } from '../board.js';
import { figures, NO_VALUE } from '../cards.js';
import { STATUS_BARS, STATUS_MAPPING } from '../colours.js';
import { boardLink, field, OVERVIEW, RUNS, SESSION, SESSIONS, toBoard, type Link } from '../links.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL, type Setting } from '../query.js';
import { runsTable } from '../runs-table.js';
import {
  atLeast,
  COLOURED_TEXT,
  EMPTY,
  HIDDEN,
  ID,
  inOrder,
  link,
  NOTE,
  only,
  SHORT_TIME,
  table,
  TO_THE_MINUTE,
  width,
  WRAPPED,
} from '../tables.js';
import { carried, chosen, datasource, filteredBy, SHARED, text } from '../variables.js';
import { FIRST, firstVariable } from './runs.js';
import { orderVariables, OWN, OWN_FILTERS } from './sessions.js';

/** One session, and nothing while none is chosen: the empty text is nobody's id. */
const ROWS: Setting = { datasource: CHOSEN, filters: { session: ['$session', ''] } };
const ONE: Setting = { datasource: CHOSEN, filters: filteredBy(['session']) };
/** The same for a run of it. */
const RUN: Setting = { datasource: CHOSEN, filters: { ...ROWS.filters, run: ['$run', ''] } };

const FILTERS = [...SHARED, ...OWN_FILTERS];
const LATEST: Setting = { datasource: CHOSEN, filters: filteredBy(FILTERS) };

export const PANELS = {
  numbers: 1,
  who: 2,
  latest: 3,
  runsOverTime: 4,
  activity: 5,
  runs: 6,
  models: 7,
  handoffs: 8,
  timeline: 9,
  spent: 11,
  failed: 12,
  run: 13,
} as const;

/** Four beside each other: on a phone, too. */
const DONE = ['Runs', 'Run success rate', 'Agent active time', 'Lifespan'];
const SPENT = ['Total cost', 'Total tokens', 'Handoffs', 'Messages'];

const KEPT = [...OWN, FIRST];
const here = (title: string, more: Omit<Parameters<typeof toBoard>[1], 'title' | 'keep'>, keep: string[] = []): Link =>
  toBoard(SESSION, { title, ...more, keep: [...KEPT, ...keep] });

const WHO = [
  'User',
  'Repository',
  'Workspace',
  'Runtime',
  'Last active',
  'Handoff methods',
  'Why post-handoff iteration',
];

/** Where a run leads: to itself, in this range. */
const THE_RUN = link(here('Show run ${__value.text}', { set: { run: field('run') } }, ['session']));

/** A panel without a session has one word for all of its numbers; one that is not known is –. */
function summaryOf(id: number, title: string, fields: string[]) {
  return figures({ id, title, fields, width: 12, height: 3, size: 16 })
    .noValue('Nothing to show')
    .withOverride({ matcher: { id: 'byRegexp', options: '/.*/' }, properties: [{ id: 'noValue', value: NO_VALUE }] });
}

/** What it was, why it failed, and the others. */
function summary(to: DashboardBuilder): void {
  const theirs = toBoard(SESSIONS, {
    title: 'Sessions of ${__value.text}',
    set: { user: field('user_id') },
    keep: OWN,
  });
  to.withPanel(
    summaryOf(PANELS.numbers, 'What it did', DONE)
      .description('What the session did in the range')
      .datasource(CHOSEN)
      .withTarget(ask(ONE, { view: 'session' })),
  )
    .withPanel(
      summaryOf(PANELS.spent, 'What it took', SPENT)
        .description('What it took in the range')
        .datasource(OTHER_PANEL)
        .withTarget(answersOf(PANELS.numbers)),
    )
    .withPanel(
      table(PANELS.who, 'Who and where', { width: 24, height: 5 })
        .gridPos({ x: 0, y: 3, w: 24, h: 5 })
        .datasource(OTHER_PANEL)
        .withTarget(answersOf(PANELS.numbers))
        .withTransformation(only([NOTE, ...WHO, 'User id']))
        .withTransformation(inOrder(WHO))
        .overrideByName('user', [width(135), WRAPPED, ...link(theirs)])
        .overrideByName('repo', [width(150), WRAPPED])
        .overrideByName('workspace', [width(95), WRAPPED])
        .overrideByName('runtime', [width(105)])
        .overrideByName('user_id', ID)
        .overrideByName('last_active_at', TO_THE_MINUTE)
        .overrideByName('handoff_methods', [width(135), WRAPPED, EMPTY])
        .overrideByName('post_handoff_reason', [WRAPPED, EMPTY, atLeast(260)]),
    )
    .withPanel(
      runsTable(PANELS.failed, 'Why runs failed', {
        width: 18,
        height: 6,
        columns: ['Run', 'Status', 'Started', 'Failure category', 'Error summary'],
        run: THE_RUN,
      })
        .gridPos({ x: 0, y: 8, w: 18, h: 6 })
        .description('Runs that failed or timed out, the latest first, with what was said of the error')
        .datasource(CHOSEN)
        .withTarget(
          ask(ROWS, { view: 'runs', filters: { ...ROWS.filters, status: ['FAILED', 'TIMEOUT'] }, limit: 1000 }),
        ),
    )
    .withPanel(
      table(PANELS.latest, 'Choose a session', { width: 6, height: 6 })
        .gridPos({ x: 18, y: 8, w: 6, h: 6 })
        .description('The latest sessions of those that the filters of the other boards let pass; a click shows one')
        .datasource(CHOSEN)
        .withTarget(ask(LATEST, { view: 'sessions', limit: 50 }))
        .withTransformation(only([NOTE, 'Session', 'Last active']))
        .overrideByName('session', [
          WRAPPED,
          ...link(here('Show session ${__value.text}', { set: { session: field('session') } })),
        ])
        .overrideByName('last_active_at', [{ id: 'unit', value: 'dateTimeFromNow' }, width(110)]),
    );
}

/** A bar a run, as many as one can tell apart: however many there are, and be it one. */
function runsOverTime() {
  return new barchart.PanelBuilder()
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
    .xTickLabelSpacing(100)
    .xTickLabelMaxLength(20)
    .showValue(VisibilityMode.Never)
    .barWidth(0.9)
    .fillOpacity(85)
    .min(0)
    .noValue('No runs to show')
    .legend(new VizLegendOptionsBuilder().showLegend(false).displayMode(LegendDisplayMode.List))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None))
    .overrideByName('started_at', [{ id: 'unit', value: 'time:D MMM HH:mm' }])
    .overrideByName('status', [STATUS_BARS])
    .overrideByName('run', [{ id: 'custom.hideFrom', value: { viz: true, legend: true, tooltip: false } }]);
}

const ITS_TIME = 'from=${__data.fields.started_at.numeric}&to=${__data.fields.completed_at}';

/** The one that a click has chosen. */
function run() {
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

function activity() {
  return new logs.PanelBuilder()
    .id(PANELS.activity)
    .title('Activity')
    .description('Messages, runs and handoffs in order')
    .gridPos({ x: 0, y: 36, w: 24, h: 11 })
    .datasource(CHOSEN)
    .withTarget(ask(ONE, { view: 'activity' }))
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Ascending)
    .noValue('No message, run or handoff to show');
}

function runs() {
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

function models() {
  const metrics = ['total_cost', 'uncached_input_tokens', 'cache_read_tokens', 'cache_write_tokens', 'output_tokens'];
  return table(PANELS.models, 'Calls by model', { width: 12, height: 6, metrics })
    .gridPos({ x: 0, y: 47, w: 12, h: 6 })
    .description('Cost and tokens of the parts of the runs, by their own model')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'table', metrics, groupBy: ['call_model'] }))
    .overrideByName('call_model', [width(130), WRAPPED]);
}

function handoffs() {
  return table(PANELS.handoffs, 'What happened after each handoff', { width: 12, height: 6 })
    .gridPos({ x: 12, y: 47, w: 12, h: 6 })
    .description('Runs of the session that started within the organization’s time after the handoff')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'handoffs', direction: 'asc' }))
    .overrideByName('user_id', HIDDEN)
    .overrideByName('occurred_at', TO_THE_MINUTE)
    .overrideByName('method', [width(155)])
    .overrideByName('first_run_status', [STATUS_MAPPING, COLOURED_TEXT]);
}

function timeline() {
  return new PanelBuilder()
    .type('traces')
    .id(PANELS.timeline)
    .title('Timeline')
    .description('The session as a trace: runs with their phases, and handoffs')
    .gridPos({ x: 0, y: 53, w: 24, h: 16 })
    .datasource(CHOSEN)
    .withTarget(ask(ONE, { view: 'timeline' }));
}

export function session(): DashboardBuilder {
  const built = board(SESSION, 'Runboard session', 'What happened in one session, and why')
    .variables([
      datasource,
      text('session'),
      chosen('run'),
      ...FILTERS.map(carried),
      ...orderVariables(VariableHide.HideVariable),
      firstVariable(VariableHide.HideVariable),
    ])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Sessions', SESSIONS))
    .link(boardLink('Runs', RUNS));
  summary(built);
  return built
    .withPanel(run())
    .withPanel(runs())
    .withPanel(runsOverTime())
    .withPanel(activity())
    .withPanel(models())
    .withPanel(handoffs())
    .withPanel(timeline());
}
