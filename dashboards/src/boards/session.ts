import { PanelBuilder, VariableHide, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { LegendPlacement, LogsSortOrder, VizLegendOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import * as logs from '@grafana/grafana-foundation-sdk/logs';
import * as xychart from '@grafana/grafana-foundation-sdk/xychart';
import { board } from '../board.js';
import { figures, inPassing } from '../cards.js';
import { colourProperty, OUTCOME_COLOURS, STATUS_MAPPING, STATUS_WORDS } from '../colours.js';
import { boardLink, field, OVERVIEW, SESSION, SESSIONS, toBoard, type Link } from '../links.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL, type Setting } from '../query.js';
import {
  bar,
  COLOURED_TEXT,
  HIDDEN,
  ID,
  inOrder,
  link,
  only,
  table,
  TO_THE_MINUTE,
  width,
  WRAPPED,
} from '../tables.js';
import { carried, datasource, filteredBy, SHARED, text } from '../variables.js';
import { orderVariables, OWN, OWN_FILTERS } from './sessions.js';

/** One session, and nothing while none is chosen: the empty text is nobody's id. */
const ROWS: Setting = { datasource: CHOSEN, filters: { session: ['$session', ''] } };
const ONE: Setting = { datasource: CHOSEN, filters: filteredBy(['session']) };

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
  why: 10,
  spent: 11,
} as const;

const NOTHING = 'Choose a session; of this one there is nothing in the range';

/** Four beside each other: on a phone, too. */
const DONE = ['Runs', 'Run success rate', 'Agent active time', 'Lifespan'];
const SPENT = ['Total cost', 'Total tokens', 'Handoffs', 'Messages'];

const here = (title: string, more: Omit<Parameters<typeof toBoard>[1], 'title' | 'keep'>, keep: string[] = []): Link =>
  toBoard(SESSION, { title, ...more, keep: [...OWN, ...keep] });

const WHO = ['User', 'User id', 'Repository', 'Workspace', 'Runtime', 'Last active', 'Handoff methods'];
const WHY = 'Why post-handoff iteration';

/** What and who to the left, what else there is to the right. */
function summary(to: DashboardBuilder): void {
  const theirs = toBoard(SESSIONS, {
    title: 'Sessions of ${__value.text}',
    set: { user: field('user_id') },
    keep: OWN,
  });
  to.withPanel(
    figures({ id: PANELS.numbers, title: 'What it did', fields: DONE, width: 12, height: 3, size: 22 })
      .description('What the session did in the range')
      .datasource(CHOSEN)
      .withTarget(ask(ONE, { view: 'session' })),
  )
    .withPanel(
      figures({ id: PANELS.spent, title: 'What it took', fields: SPENT, width: 12, height: 3, size: 22 })
        .description('What it took in the range')
        .datasource(OTHER_PANEL)
        .withTarget(answersOf(PANELS.numbers)),
    )
    .withPanel(
      table(PANELS.latest, 'Latest sessions', { width: 6, height: 14 })
        .gridPos({ x: 18, y: 3, w: 6, h: 14 })
        .description('The latest of those that the filters of the other boards let pass; a click shows one')
        .datasource(CHOSEN)
        .withTarget(ask(LATEST, { view: 'sessions', limit: 50 }))
        .withTransformation(only(['Session', 'Last active']))
        .overrideByName('session', [
          WRAPPED,
          ...link(here('Show session ${__value.text}', { set: { session: field('session') } })),
        ])
        .overrideByName('last_active_at', [{ id: 'unit', value: 'dateTimeFromNow' }, width(120)]),
    )
    .withPanel(
      table(PANELS.who, 'Who and where', { width: 18, height: 4 })
        .gridPos({ x: 0, y: 3, w: 18, h: 4 })
        .minWidth(130)
        .datasource(OTHER_PANEL)
        .withTarget(answersOf(PANELS.numbers))
        .withTransformation(only(WHO))
        .overrideByName('user', link(theirs))
        .overrideByName('user_id', ID)
        .overrideByName('last_active_at', TO_THE_MINUTE),
    )
    .withPanel(
      inPassing(figures({ id: PANELS.why, title: 'After the handoff', fields: [WHY], width: 18, height: 3 }))
        .gridPos({ x: 0, y: 7, w: 18, h: 3 })
        .datasource(OTHER_PANEL)
        .withTarget(answersOf(PANELS.numbers)),
    );
}

const MATCHED = (name: string) => ({ matcher: { id: 'byName', options: name } });

/**
 * A query per status gives each its colour, and an empty picture where there is nothing. The axis is not that of the
 * range, in which a session of an hour would be a speck.
 */
function runsOverTime() {
  const statuses = Object.entries(OUTCOME_COLOURS);
  const panel = new xychart.PanelBuilder()
    .id(PANELS.runsOverTime)
    .title('Runs over time')
    .description('When each run started, and how long it took')
    .gridPos({ x: 0, y: 10, w: 18, h: 7 })
    .datasource(CHOSEN)
    .mapping(xychart.SeriesMapping.Auto)
    .series([new xychart.XYSeriesConfigBuilder().x(MATCHED('started_at')).y(MATCHED('duration'))])
    .show(xychart.XYShowMode.Points)
    .axisSoftMin(0)
    .pointSize({ fixed: 9 })
    .fillOpacity(80)
    .legend(new VizLegendOptionsBuilder().showLegend(true).placement(LegendPlacement.Right));
  for (const [status, colour] of statuses) {
    panel
      .withTarget(
        ask(ROWS, { refId: status, view: 'runs', filters: { ...ROWS.filters, status: [status] }, limit: 10_000 }),
      )
      .overrideByQuery(status, [colourProperty(colour), { id: 'displayName', value: STATUS_WORDS[status] }]);
  }
  // without a version Grafana takes the series for those of the panel's older form, and drops them
  return { build: () => ({ ...panel.build(), pluginVersion: '12.0.0' }) };
}

function activity() {
  return new logs.PanelBuilder()
    .id(PANELS.activity)
    .title('Activity')
    .description('Messages, runs and handoffs in order')
    .gridPos({ x: 0, y: 17, w: 24, h: 11 })
    .datasource(CHOSEN)
    .withTarget(ask(ONE, { view: 'activity' }))
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Ascending)
    .noValue(NOTHING);
}

const RUN_COLUMNS = [
  'Run',
  'Status',
  'Started',
  'Duration',
  'Failure category',
  'Error summary',
  'Total cost',
  'Input tokens',
  'Output tokens',
  'Model',
  'Queue wait',
];
const LEFT_OUT = ['Agent', 'Task type', 'User', 'User id', 'Team', 'Session', 'Tests run', 'Tests passed'];

function runs() {
  return table(PANELS.runs, 'Runs', { width: 24, height: 10, metrics: ['total_cost'] })
    .gridPos({ x: 0, y: 28, w: 24, h: 10 })
    .description('A click on a run sets the range to it')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'runs', orderBy: 'started_at', direction: 'asc', limit: 10_000 }))
    .overrideByName('run', [
      width(210),
      WRAPPED,
      ...link(
        here(
          'Show run ${__value.text} only',
          {
            // completed_at is shown nowhere: as milliseconds it ends the range, and `now` does while the run goes on
            range: 'from=${__data.fields.started_at.numeric}&to=${__data.fields.completed_at}',
          },
          ['session'],
        ),
      ),
    ])
    .overrideByName('completed_at', [...HIDDEN, { id: 'unit', value: 'time:x' }, { id: 'noValue', value: 'now' }])
    .overrideByName('status', [width(105), STATUS_MAPPING, COLOURED_TEXT])
    .overrideByName('duration', [...bar(), width(130)])
    .overrideByName('started_at', [width(165)])
    .overrideByName('model', [width(150)])
    .overrideByName('failure_category', [width(130)])
    .overrideByName('error_summary', [width(270)])
    .withTransformation(inOrder(RUN_COLUMNS, LEFT_OUT));
}

function models() {
  const metrics = ['total_cost', 'uncached_input_tokens', 'cache_read_tokens', 'cache_write_tokens', 'output_tokens'];
  return table(PANELS.models, 'Calls by model', { width: 12, height: 6, metrics })
    .gridPos({ x: 0, y: 38, w: 12, h: 6 })
    .description('Cost and tokens of the parts of the runs, by their own model')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'table', metrics, groupBy: ['call_model'] }))
    .overrideByName('call_model', [width(130), WRAPPED]);
}

function handoffs() {
  return table(PANELS.handoffs, 'What happened after each handoff', { width: 12, height: 6 })
    .gridPos({ x: 12, y: 38, w: 12, h: 6 })
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
    .gridPos({ x: 0, y: 44, w: 24, h: 16 })
    .datasource(CHOSEN)
    .withTarget(ask(ONE, { view: 'timeline' }));
}

export function session(): DashboardBuilder {
  const built = board(SESSION, 'Runboard session', 'What happened in one session, and why')
    .variables([datasource, text('session'), ...FILTERS.map(carried), ...orderVariables(VariableHide.HideVariable)])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Sessions', SESSIONS));
  summary(built);
  return built
    .withPanel(runsOverTime())
    .withPanel(activity())
    .withPanel(runs())
    .withPanel(models())
    .withPanel(handoffs())
    .withPanel(timeline());
}
