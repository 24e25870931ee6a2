import { PanelBuilder, VariableHide, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  GraphDrawStyle,
  LegendPlacement,
  LogsSortOrder,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import * as logs from '@grafana/grafana-foundation-sdk/logs';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { board } from '../board.js';
import { figures } from '../cards.js';
import { colourProperty, STATUS_COLOURS, STATUS_MAPPING } from '../colours.js';
import { boardLink, field, OVERVIEW, SESSION, SESSIONS, toBoard, type Link } from '../links.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL, type Setting } from '../query.js';
import { bar, COLOURED_TEXT, HIDDEN, link, only, table, width, YES_NO } from '../tables.js';
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
} as const;

const NUMBERS = [
  'Runs',
  'Run success rate',
  'Agent active time',
  'Lifespan',
  'Total cost',
  'Total tokens',
  'Handoffs',
  'Messages',
];

const here = (title: string, more: Omit<Parameters<typeof toBoard>[1], 'title' | 'keep'>, keep: string[] = []): Link =>
  toBoard(SESSION, { title, ...more, keep: [...OWN, ...keep] });

const WHO = ['Session', 'User', 'User id', 'Repository', 'Workspace', 'Runtime', 'Last active'];
const WHY = ['Post-handoff iteration', 'Why post-handoff iteration', 'Handoff methods'];

function summary(to: DashboardBuilder): void {
  const theirs = toBoard(SESSIONS, {
    title: 'Sessions of ${__value.text}',
    set: { user: field('user_id') },
    keep: OWN,
  });
  to.withPanel(
    figures({ id: PANELS.numbers, titles: NUMBERS, width: 16, height: 4 })
      .description('What the session did in the range')
      .datasource(CHOSEN)
      .withTarget(ask(ONE, { view: 'session' })),
  )
    .withPanel(
      table(PANELS.latest, 'Latest sessions', { width: 8, height: 8 })
        .description('The latest of those that the filters of the other boards let pass; a click shows one')
        .datasource(CHOSEN)
        .withTarget(ask(LATEST, { view: 'sessions', limit: 50 }))
        .withTransformation(only(['Session', 'User', 'Last active']))
        .overrideByName('session', [link(here('Show this session', { set: { session: field('session') } }))]),
    )
    .withPanel(
      table(PANELS.who, '', { width: 16, height: 4 })
        .datasource(OTHER_PANEL)
        .withTarget(answersOf(PANELS.numbers))
        .withTransformation(only([...WHO, ...WHY]))
        .overrideByName('user', [link(theirs)])
        .overrideByName('user_id', HIDDEN)
        .overrideByFieldType('boolean', [YES_NO]),
    );
}

function runsOverTime() {
  return Object.entries(STATUS_COLOURS).reduce(
    (panel, [status, colour]) =>
      panel.overrideByRegexp(`/\\b${status}$/`, [colourProperty(colour), { id: 'displayName', value: status }]),
    new timeseries.PanelBuilder()
      .id(PANELS.runsOverTime)
      .title('Runs')
      .description('When each run started, and how long it took')
      .span(24)
      .height(7)
      .datasource(OTHER_PANEL)
      .withTarget(answersOf(PANELS.runs))
      .withTransformation(only(['Started', 'Duration', 'Status']))
      .withTransformation({ id: 'partitionByValues', options: { fields: ['Status'], keepFields: false } })
      .drawStyle(GraphDrawStyle.Points)
      .showPoints(VisibilityMode.Always)
      .pointSize(9)
      .unit('ms')
      .min(0)
      .legend(new VizLegendOptionsBuilder().showLegend(true).placement(LegendPlacement.Bottom)),
  );
}

function activity() {
  return new logs.PanelBuilder()
    .id(PANELS.activity)
    .title('Activity')
    .description('Messages, runs and handoffs in order')
    .span(24)
    .height(11)
    .datasource(CHOSEN)
    .withTarget(ask(ONE, { view: 'activity' }))
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Ascending);
}

const RUN_COLUMNS = ['agent', 'task_type', 'user', 'user_id', 'session', 'lines_deleted'];

function runs() {
  const built = table(PANELS.runs, 'Runs', { width: 24, height: 10 })
    .description('A click on a run sets the range to it')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'runs', orderBy: 'started_at', direction: 'asc', limit: 10_000 }))
    .overrideByName('run', [
      width(220),
      link(
        here(
          'Show this run only',
          {
            // completed_at is shown nowhere: as milliseconds it ends the range, and `now` does while the run goes on
            range: 'from=${__data.fields.started_at.numeric}&to=${__data.fields.completed_at}',
          },
          ['session'],
        ),
      ),
    ])
    .overrideByName('completed_at', [...HIDDEN, { id: 'unit', value: 'time:x' }, { id: 'noValue', value: 'now' }])
    .overrideByName('status', [width(115), STATUS_MAPPING, COLOURED_TEXT])
    .overrideByName('duration', bar())
    .overrideByName('error_summary', [width(320)]);
  return RUN_COLUMNS.reduce((panel, name) => panel.overrideByName(name, HIDDEN), built);
}

function models() {
  const metrics = ['total_cost', 'uncached_input_tokens', 'cache_read_tokens', 'cache_write_tokens', 'output_tokens'];
  return table(PANELS.models, 'Calls by model', { width: 12, height: 6 })
    .description('Cost and tokens of the parts of the runs, by their own model')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'table', metrics, groupBy: ['call_model'] }));
}

function handoffs() {
  return table(PANELS.handoffs, 'What happened after each handoff', { width: 12, height: 6 })
    .description('Runs of the session that started within the organization’s time after the handoff')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'handoffs', direction: 'asc' }))
    .overrideByName('user_id', HIDDEN)
    .overrideByName('first_run_status', [STATUS_MAPPING, COLOURED_TEXT]);
}

function timeline() {
  return new PanelBuilder()
    .type('traces')
    .id(PANELS.timeline)
    .title('Timeline')
    .description('The session as a trace: runs with their phases, and handoffs')
    .gridPos({ x: 0, y: 0, w: 24, h: 14 })
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
